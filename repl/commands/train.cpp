#include <algorithm>
#include <cstdio>

#include "lang/std/library.h"
#include "repl/commands/train_embedding.h"
#include "repl/exit_code.h"
#include "repl/help.h"
#include "repl/script.h"

/// `weft train`: the scripts that are part of the binary.
namespace weft::repl {

namespace {

/// A recipe that is no script.
struct ProgramRecipe {
  const char* name;
  const char* summary;
  int (*run)(const CLI::App&, const CommonOptions&, const std::vector<std::string>&);
};
constexpr ProgramRecipe kPrograms[] = {
    {"word2vec", "Word vectors: skip-gram or CBOW (Mikolov et al. 2013).", train_word2vec},
    {"fasttext",
     "Word vectors with n-grams of characters (Bojanowski et al. 2017); with --supervised a text classifier "
     "(Joulin et al. 2017).",
     train_fasttext},
};

std::string recipe_list() {
  std::vector<HelpEntry> entries;
  for (const StandardSource& r : recipes()) entries.push_back({std::string(r.name), summary_of(r.text)});
  for (const ProgramRecipe& r : kPrograms) entries.push_back({r.name, r.summary});
  std::sort(entries.begin(), entries.end(),
            [](const HelpEntry& a, const HelpEntry& b) { return a.name < b.name; });
  return help_section("Recipes", entries).substr(1);
}

int unknown_recipe(const std::string& name) {
  std::vector<std::string> names;
  std::string known;
  for (const StandardSource& r : recipes()) {
    names.emplace_back(r.name);
    known += (known.empty() ? "" : ", ") + names.back();
  }
  for (const ProgramRecipe& r : kPrograms) {
    names.emplace_back(r.name);
    known += ", " + names.back();
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
    for (const ProgramRecipe& r : kPrograms) {
      if (r.name != *name) continue;
      line.run = [c, &common = line.common, run = r.run, words = c->remaining()] {
        return run(*c, common, words);
      };
      return;
    }
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
