#include <iostream>

#include "repl/commands/command.h"
#include "repl/lsp/server.h"

/// `weft lsp`: the language server that editors start.
namespace weft::repl {

void add_lsp(CommandLine& line) {
  CLI::App* c = add_command(line, "lsp", "Serve an editor: the Language Server Protocol on stdin and stdout");
  c->footer("Editors start it themselves; lang/editors/ in the sources says how to tell them.");
  c->callback([&line] { line.run = [] { return lsp::serve(std::cin, std::cout); }; });
}

}  // namespace weft::repl
