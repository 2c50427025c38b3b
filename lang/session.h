#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/run/machine.h"

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
  std::string kind;      // "number", "text", "true or false"
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

  /// Parses and checks a source. Empty: all is well, and run() will execute it. Otherwise nothing of it is
  /// executed.
  std::vector<Diagnostic> read(const std::string& name, std::string text);
  /// More input could complete the source read last (REPL).
  bool incomplete() const { return incomplete_; }
  /// Executes what was read since the last call.
  Outcome run();

  std::vector<ScriptOption> options() const;
  const Sources& sources() const { return sources_; }
  Program& program() { return program_; }
  Machine& machine() { return machine_; }

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
};

}  // namespace weft
