#include <cstdio>

#include "lang/service/library.h"
#include "repl/commands/command.h"
#include "repl/exit_code.h"

/// `weft show`: the library and the recipes, as texts.
namespace weft::repl {

namespace {

int show(const std::string& name) {
  const auto text = name.empty() ? service::library_overview() : service::library_text(name);
  if (!text) {
    const std::string near = nearest(name, service::library_names());
    std::fprintf(
        stderr, "weft show: the library has no `%s`%s\n", name.c_str(),
        near.empty() ? "; `weft show` lists what it has" : (", did you mean `" + near + "`?").c_str());
    return ExitCode::usage;
  }
  std::fwrite(text->data(), 1, text->size(), stdout);
  return ExitCode::ok;
}

}  // namespace

void add_show(CommandLine& line) {
  CLI::App* c = add_command(line, "show", "Print the source of the library or of a recipe");
  auto name = std::make_shared<std::string>();
  c->add_option("NAME", *name, "std.nn, std.nn.LSTM, a recipe; without it, a list of all there is");
  c->callback([name, &line] { line.run = [name] { return show(*name); }; });
}

}  // namespace weft::repl
