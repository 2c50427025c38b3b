#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "repl/interactive/completion.h"
#include "repl/interactive/conversation.h"

/// The commands of a conversation that ask about it or take it somewhere else.
namespace weft::repl {

namespace {

constexpr const char* kHelp =
    "A statement runs, an expression is shown; `ans` is what was shown last.\n"
    "  ?NAME            what a name is: of yours, of the library, of the language\n"
    "  :type EXPRESSION its type with axes and extents, without running it\n"
    "  :time STATEMENT  how long it takes to check and to run\n"
    "  :undo            takes back the last statement, and what a training changed\n"
    "  :load FILE       runs the statements of a script\n"
    "  :save FILE       writes the session as a script\n"
    "  :quit            leaves, as does Ctrl-D\n"
    "Tab completes; Ctrl-R searches what was said before; Ctrl-C drops the line, or stops\n"
    "an evaluation or a training, whose model keeps what it learnt.";

/// A path as it was typed, perhaps in quotes as in a statement.
std::string unquoted(const std::string& path) {
  return path.size() > 1 && path.front() == '"' && path.back() == '"' ? path.substr(1, path.size() - 2)
                                                                      : path;
}

/// What a check says is only noted.
class Silence : public Observer {
 public:
  void show(const std::string&) override {}
  void progress(const Progress&) override {}
  void note(const std::string&) override {}
  bool interrupted() override { return false; }
};

}  // namespace

int Conversation::ask(const std::string& name) {
  if (name.empty()) {
    console_.show(kHelp);
    return ExitCode::ok;
  }
  if (const auto help = session_.help(name)) {
    console_.show(*help);
    return ExitCode::ok;
  }
  std::vector<std::string> known;
  for (const service::Name& n : session_.names()) known.push_back(n.text);
  for (const service::Name& n : service::keywords()) known.push_back(n.text);
  for (const service::Name& n : service::readers()) known.push_back(n.text);
  const std::string near = nearest(name, known);
  return complain("there is no `" + name + "`" + (near.empty() ? "" : "; did you mean `" + near + "`?"));
}

int Conversation::undo() {
  const auto text = session_.undo();
  if (!text) return complain("there is nothing left to take back");
  std::istringstream lines(*text);
  std::string first, line;
  bool longer = false;
  while (std::getline(lines, line)) {
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos || line[begin] == '#') continue;
    longer = !first.empty();
    if (longer) break;
    first = line;
  }
  console_.note("took back: " + first + (longer ? " ..." : ""));
  return ExitCode::ok;
}

int Conversation::load(const std::string& typed) {
  const std::string path = unquoted(typed);
  if (path.empty()) return complain(":load takes a file");
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, error)) return complain("can't read " + path);
  return run(path, std::string(std::istreambuf_iterator<char>(in), {}));
}

int Conversation::save(const std::string& typed) {
  const std::string path = unquoted(typed);
  if (path.empty()) return complain(":save takes a file");
  const std::string script = session_.script();
  std::ofstream out(path, std::ios::binary);
  out << "# A session of weft " WEFT_VERSION ".\n" << script;
  out.close();
  if (!out) throw std::system_error(errno, std::generic_category(), "can't write " + path);

  Silence silence;
  Session check({machine_options_, {}, false}, silence);
  std::vector<Diagnostic> errors;
  for (const Diagnostic& d : check.read(path, script)) {
    if (d.severity == Severity::error) errors.push_back(d);
  }
  console_.note("saved the session to " + path);
  if (errors.empty()) return ExitCode::ok;
  console_.note("it doesn't run as it is:");
  console_.diagnostics({errors[0]}, check.sources());
  return ExitCode::failed;
}

}  // namespace weft::repl
