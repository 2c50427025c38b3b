#include <editline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "repl/commands/command.h"
#include "repl/interrupt.h"

/// `weft repl`: statements in, values out.
namespace weft::repl {

namespace {

/// Lines from a person at a terminal, or from whatever stdin is.
class LineReader {
 public:
  LineReader() : terminal_(isatty(STDIN_FILENO) != 0) {}
  bool terminal() const { return terminal_; }

  bool next(std::string& line, bool more) {
    if (!terminal_) return static_cast<bool>(std::getline(std::cin, line));
    char* text = readline(more ? "  ... " : "weft> ");
    if (!text) return false;
    line = text;
    if (!line.empty()) add_history(text);
    std::free(text);
    return true;
  }

 private:
  bool terminal_;
};

/// Runs `work`; faults of data, models and memory are told and cost nothing else.
template <class Work>
void guarded(Console& console, const Work& work) {
  try {
    work();
  } catch (const std::exception& e) {
    console.note(std::string("error: ") + e.what());
  }
}

int interact(const CommonOptions& common) {
  Console console;
  Session session({common.machine(), {}, true}, console);
  LineReader lines;
  if (lines.terminal()) console.note("Weft " WEFT_VERSION ": statements or expressions; :quit leaves");
  std::string pending, line;
  bool failed = false;
  const auto evaluate = [&](bool last) {
    guarded(console, [&] {
      const auto diagnostics = session.read("<repl>", pending);
      if (session.incomplete() && !last) return;
      pending.clear();
      if (!diagnostics.empty()) {
        console.diagnostics(diagnostics, session.sources());
        failed = true;
        return;
      }
      if (session.run() != Outcome::done) failed = true;
    });
    if (!session.incomplete() || last) pending.clear();
  };
  while (lines.next(line, !pending.empty())) {
    Interrupt::clear();
    if (pending.empty() && (line == ":quit" || line == ":q")) break;
    if (pending.empty() && line.find_first_not_of(" \t\r") == std::string::npos) continue;
    pending += line + "\n";
    evaluate(line.empty() && lines.terminal());
  }
  if (!pending.empty()) evaluate(true);
  return !lines.terminal() && failed ? ExitCode::failed : ExitCode::ok;
}

}  // namespace

void add_repl(CommandLine& line) {
  CLI::App* c = line.app.add_subcommand("repl", "Read statements and run them one by one");
  add_common_options(*c, line.common);
  c->callback([&line] { line.run = [&common = line.common] { return interact(common); }; });
}

}  // namespace weft::repl
