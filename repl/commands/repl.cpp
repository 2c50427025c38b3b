#include <unistd.h>

#include "repl/commands/command.h"
#include "repl/exit_code.h"
#include "repl/input.h"
#include "repl/interactive/conversation.h"
#include "repl/interactive/line_editor.h"
#include "repl/interactive/transcript.h"
#include "repl/interrupt.h"

/// `weft repl`: statements in, values out.
namespace weft::repl {

namespace {

/// With a person at a terminal.
int converse(Conversation& conversation) {
  LineEditor editor([&](const std::string& line) {
    return complete(conversation.pending(), line, conversation.session());
  });
  conversation.on_said = [&](const std::string& said) { editor.remember(said); };
  conversation.console().note("Weft " WEFT_VERSION ": statements or expressions; ? for help, :quit leaves");
  Transcript transcript;
  std::string line;
  while (!conversation.quit()) {
    if (!editor.more_waits()) transcript.end();
    const auto event = editor.next(conversation.between_statements() ? kPrompt : kMorePrompt, line);
    if (event == LineEditor::Event::end) break;
    if (event == LineEditor::Event::line && transcript.take(line)) conversation.take(line);
    if (Interrupt::requested()) {  // Ctrl-C ends the line, the statement, or what it ran
      conversation.forget_pending();
      editor.forget_pasted();
      Interrupt::clear();
    }
  }
  conversation.end();
  return ExitCode::ok;  // a person saw what went wrong
}

/// With whatever standard input is; a shell wants to be told of the first fault.
int read_input(Conversation& conversation) {
  Transcript transcript;
  std::string line;
  for (std::int64_t number = 1; !conversation.quit() && next_input_line(line, number); ++number) {
    if (transcript.take(line)) conversation.take(line);
    if (Interrupt::requested()) return ExitCode::interrupted;
  }
  if (Interrupt::requested()) return ExitCode::interrupted;
  conversation.end();
  return conversation.first_fault();
}

int interact(const CommonOptions& common) {
  Conversation conversation(common);
  return isatty(STDIN_FILENO) ? converse(conversation) : read_input(conversation);
}

}  // namespace

void add_repl(CommandLine& line) {
  CLI::App* c = add_command(line, "repl", "Read statements and run them one by one");
  add_common_options(*c, line.common);
  c->footer(
      "At the prompt: a statement or an expression; `?` lists what else there is, :quit\n"
      "or Ctrl-D leaves. Ctrl-C drops the line, or stops an evaluation or a training,\n"
      "whose model keeps what it learnt.");
  c->callback([&line] { line.run = [&common = line.common] { return interact(common); }; });
}

}  // namespace weft::repl
