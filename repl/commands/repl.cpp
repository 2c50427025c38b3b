#include <editline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "repl/faults.h"
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

/// What a session has been told so far, and how it went.
class Conversation {
 public:
  explicit Conversation(const CommonOptions& common) : session_({common.machine(), {}, true}, console_) {}

  /// Takes one more line; runs what is complete. `last`: nothing follows, so what is incomplete is a fault.
  void take(const std::string& line, bool last) {
    pending_ += line + "\n";
    const int code = guarded([&] { return evaluate(last); });
    if (first_fault_ == ExitCode::ok) first_fault_ = code;
    if (!session_.incomplete() || last) pending_.clear();
  }
  bool between_statements() const { return pending_.empty(); }
  void forget_pending() { pending_.clear(); }
  int first_fault() const { return first_fault_; }
  Console& console() { return console_; }

 private:
  int evaluate(bool last) {
    const auto diagnostics = session_.read("<repl>", pending_);
    if (session_.incomplete() && !last) return ExitCode::ok;
    console_.diagnostics(diagnostics, session_.sources());
    return diagnostics.empty() ? exit_code(session_.run()) : ExitCode::usage;
  }

  Console console_;
  Session session_;
  std::string pending_;
  int first_fault_ = ExitCode::ok;
};

int interact(const CommonOptions& common) {
  LineReader lines;
  Conversation conversation(common);
  if (lines.terminal())
    conversation.console().note("Weft " WEFT_VERSION ": statements or expressions; :quit leaves");
  std::string line;
  while (lines.next(line, !conversation.between_statements())) {
    if (Interrupt::requested()) conversation.forget_pending();
    Interrupt::clear();
    if (conversation.between_statements()) {
      if (line == ":quit" || line == ":q") break;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    }
    conversation.take(line, line.empty() && lines.terminal());
  }
  if (!conversation.between_statements()) conversation.take("", true);
  // A person saw what went wrong; a shell wants to be told.
  return lines.terminal() ? ExitCode::ok : conversation.first_fault();
}

}  // namespace

void add_repl(CommandLine& line) {
  CLI::App* c = add_command(line, "repl", "Read statements and run them one by one");
  c->footer(
      "At the prompt: a statement or an expression; :quit or Ctrl-D leaves; Ctrl-C drops the line,\n"
      "or stops a training, whose model keeps what it learnt.");
  c->callback([&line] { line.run = [&common = line.common] { return interact(common); }; });
}

}  // namespace weft::repl
