#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/run/machine.h"
#include "lang/service/names.h"

namespace weft {

namespace check {
class Elaborator;
}
namespace ast {
struct Program;
}

/// An `option` of a script.
struct ScriptOption {
  std::string name;
  std::string kind;      // "int", "real", "bool", "text"
  std::string fallback;  // as written in the script
  std::string help;
};

/// A program and its state: the one door to the language. A script is read whole and then run; a REPL reads
/// and runs statement by statement.
class Session {
 public:
  struct Options {
    Machine::Options machine;
    std::map<std::string, std::string> overrides;  // script options set from outside
    bool interactive = false;                      // names may be declared again
  };
  Session(Options options, Observer& observer);
  ~Session();

  /// Parses and checks a source. Without errors, though perhaps with warnings, run() will execute it;
  /// otherwise nothing of it is executed.
  std::vector<Diagnostic> read(const std::string& name, std::string text);
  /// More input could complete the source read last (REPL).
  bool incomplete() const { return incomplete_; }
  /// Executes what was read since the last call.
  Outcome run();

  // --- for those who work line by line (session_steps.cpp) ---

  /// Takes back the last source that was run: its names and the values it changed. Gives its text; nothing
  /// where there is nothing left to take back.
  std::optional<std::string> undo();
  /// All that was run with success and not taken back, as one script that declares each name once.
  std::string script() const;
  /// What can be named at the top level, and what may follow the point after `path` ("lm.embed").
  std::vector<service::Name> names() const;
  std::vector<service::Name> members(const std::string& path);
  /// What a name or path is and the comment at its declaration; keywords and readers too.
  std::optional<std::string> help(const std::string& path);
  /// The type of an expression, which isn't run. Empty, with diagnostics, where it has a fault.
  std::string type_of(const std::string& expression, std::vector<Diagnostic>& diagnostics);

  std::vector<ScriptOption> options() const;
  const Sources& sources() const { return sources_; }
  Program& program() { return program_; }
  Machine& machine() { return machine_; }
  /// What was read, as checked: for reports and editors.
  check::Elaborator& checked() { return *elaborator_; }

  /// Reads a model file: its source is checked again without its training, its parameters and labels are
  /// filled in. Throws ModelFileError.
  void load(const std::filesystem::path& path);

  /// How a loaded model takes text: through its method `predict`, or its unnamed fn. Throws ModelFileError
  /// where it can't.
  struct Reader {
    TextModel model;
    bool probabilities = false;  // the method `predict` gives what is to be reported; else logits
  };
  Reader reader();
  /// A generation of the loaded model. Throws ModelFileError where it can't.
  Generation generation(const std::string& prompt, std::int64_t tokens, double temperature);

 private:
  struct Step;
  void begin_step();
  void take_back(const Step&);
  Outcome run_step();
  void set_precision();
  [[noreturn]] void refuse(const std::string& what);

  Options options_;
  Sources sources_;
  Program program_;
  Machine machine_;
  std::unique_ptr<check::Elaborator> elaborator_;
  std::vector<std::unique_ptr<ast::Program>> parsed_;
  Provenance provenance_;
  std::string model_;  // name of the loaded model
  std::filesystem::path model_path_;
  bool incomplete_ = false;
  std::vector<std::unique_ptr<Step>> steps_;  // interactive: what was run
  std::unique_ptr<Step> step_;                // and what was read
  std::size_t undoable_ = 0;                  // steps before this one are for good
};

}  // namespace weft
