#include <editline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "repl/faults.h"
#include "repl/input.h"
#include "repl/interrupt.h"

/// `weft repl`: statements in, values out.
namespace weft::repl {

namespace {

/// Lines from a person at a terminal, or from whatever stdin is.
class LineReader {
 public:
  LineReader() : terminal_(isatty(STDIN_FILENO) != 0) {}
  bool terminal() const { return terminal_; }

  /// False at the end of the input.
  bool next(std::string& line, bool more) {
    if (!terminal_) return next_input_line(line, ++number_);
    char* text = readline(more ? "  ... " : "weft> ");
    if (!text) {
      std::putchar('\n');
      line.clear();
      return Interrupt::requested();  // Ctrl-C ends the line, Ctrl-D the session
    }
    line = text;
    if (!line.empty()) add_history(text);
    std::free(text);
    return true;
  }

 private:
  bool terminal_;
  std::int64_t number_ = 0;
};

/// What a session has been told so far, and how it went.
class Conversation {
 public:
  explicit Conversation(const CommonOptions& common) : session_({common.machine(), {}, true}, console_) {}

  /// Takes one more line; runs what is complete.
  void take(const std::string& line) {
    pending_ += line + "\n";
    open_brackets_ += open_brackets(line);
    // While a bracket is open there is no use in reading it all again with every line.
    if (open_brackets_ <= 0) evaluate(false);
  }
  /// Nothing follows: what is incomplete is a fault.
  void end() {
    if (!pending_.empty()) evaluate(true);
  }
  bool between_statements() const { return pending_.empty(); }
  void forget_pending() {
    pending_.clear();
    open_brackets_ = 0;
  }
  int first_fault() const { return first_fault_; }
  Console& console() { return console_; }

 private:
  void evaluate(bool last) {
    const int code = guarded([&]() -> int {
      const auto diagnostics = session_.read("<repl>", pending_);
      if (session_.incomplete() && !last) return ExitCode::ok;
      console_.diagnostics(diagnostics, session_.sources());
      return diagnostics.empty() ? exit_code(session_.run()) : ExitCode::usage;
    });
    if (first_fault_ == ExitCode::ok) first_fault_ = code;
    if (!session_.incomplete() || last) forget_pending();
  }

  Console console_;
  Session session_;
  std::string pending_;
  int open_brackets_ = 0;
  int first_fault_ = ExitCode::ok;
};

int interact(const CommonOptions& common) {
  LineReader lines;
  Conversation conversation(common);
  if (lines.terminal())
    conversation.console().note("Weft " WEFT_VERSION ": statements or expressions; :quit leaves");
  std::string line;
  while (lines.next(line, !conversation.between_statements())) {
    if (Interrupt::requested()) {
      conversation.forget_pending();
      Interrupt::clear();
      continue;
    }
    if (conversation.between_statements()) {
      if (line == ":quit" || line == ":q") break;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    }
    conversation.take(line);
    if (Interrupt::requested() && !lines.terminal()) return ExitCode::interrupted;
    Interrupt::clear();
  }
  if (Interrupt::requested()) return ExitCode::interrupted;
  conversation.end();
  // A person saw what went wrong; a shell wants to be told.
  return lines.terminal() ? ExitCode::ok : conversation.first_fault();
}

}  // namespace

void add_repl(CommandLine& line) {
  CLI::App* c = add_command(line, "repl", "Read statements and run them one by one");
  add_common_options(*c, line.common);
  c->footer(
      "At the prompt: a statement or an expression; :quit or Ctrl-D leaves. Ctrl-C\n"
      "drops the line, or stops a training, whose model keeps what it learnt.");
  c->callback([&line] { line.run = [&common = line.common] { return interact(common); }; });
}

}  // namespace weft::repl
