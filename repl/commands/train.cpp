#include <cstdio>

#include "lang/std/library.h"
#include "repl/exit_code.h"
#include "repl/help.h"
#include "repl/script.h"

/// `weft train`: the scripts that are part of the binary.
namespace weft::repl {

namespace {

std::string recipe_list() {
  std::vector<HelpEntry> entries;
  for (const StandardSource& r : recipes()) entries.push_back({std::string(r.name), summary_of(r.text)});
  return help_section("Recipes", entries).substr(1);
}

int unknown_recipe(const std::string& name) {
  std::vector<std::string> names;
  std::string known;
  for (const StandardSource& r : recipes()) {
    names.emplace_back(r.name);
    known += (known.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest(name, names);
  std::fprintf(
      stderr, "weft train: there is no recipe `%s`%s\n", name.c_str(),
      near.empty() ? ("; the recipes are " + known).c_str() : (", did you mean `" + near + "`?").c_str());
  return ExitCode::usage;
}

}  // namespace

void add_train(CommandLine& line) {
  CLI::App* c = add_script_command(line, "train", "Train a model by a recipe, a built-in script");
  auto name = std::make_shared<std::string>();
  auto mode = std::make_shared<ScriptMode>();
  add_run_options(*c, *mode);
  c->add_option("RECIPE", *name, "One of those below; its own options follow as --name value")->required();
  c->footer(recipe_list() + "\nweft train RECIPE --help lists the recipe's own options.");
  c->callback([c, name, mode, &line] {
    const ScriptArguments arguments = parse_script_arguments(c->remaining());
    line.run = [c, &common = line.common, name, mode, arguments] {
      for (const StandardSource& r : recipes()) {
        if (r.name != *name) continue;
        return run_script(*c, common, {"recipe " + *name, std::string(r.text), "weft train " + *name},
                          arguments, *mode);
      }
      return unknown_recipe(*name);
    };
  });
}

}  // namespace weft::repl
