#include "repl/commands/recipe_options.h"
#include "repl/commands/train_embedding.h"
#include "repl/commands/train_vectors.h"
#include "repl/exit_code.h"

namespace weft::repl {

int train_word2vec(const CLI::App& command, const CommonOptions& common,
                   const std::vector<std::string>& words) {
  VectorsRecipe recipe;
  recipe.output = "word2vec.vec";
  RecipeOptions options("weft train word2vec",
                        "Word vectors: skip-gram or CBOW (Mikolov et al. 2013). Threads share the vectors "
                        "without locks; --deterministic gives the same bits whatever their number.");
  recipe.bind(options);
  switch (options.parse(command, words)) {
    case RecipeOptions::Parsed::help_was_printed:
      return ExitCode::ok;
    case RecipeOptions::Parsed::refused:
      return ExitCode::usage;
    case RecipeOptions::Parsed::go_on:
      break;
  }
  return recipe.run("word2vec", common, options);
}

}  // namespace weft::repl
