#include <algorithm>

#include "repl/commands/recipe_options.h"
#include "repl/commands/train_embedding.h"
#include "repl/commands/train_vectors.h"
#include "repl/exit_code.h"

namespace weft::repl {

namespace {

bool asks_for_classifier(std::vector<std::string>& words) {
  bool asked = false;
  for (auto w = words.begin(); w != words.end();) {
    if (*w != "--supervised" && *w != "--supervised=true") {
      ++w;
      continue;
    }
    asked = true;
    w = words.erase(w);
    if (w != words.end() && *w == "true") w = words.erase(w);
  }
  return asked;
}

}  // namespace

int train_fasttext(const CLI::App& command, const CommonOptions& common,
                   const std::vector<std::string>& words) {
  std::vector<std::string> own = words;
  if (asks_for_classifier(own)) return train_supervised(command, common, own);
  VectorsRecipe recipe;
  recipe.output = "fasttext.bin";
  recipe.settings.buckets = 2000000;
  recipe.settings.min_n = 3;
  recipe.settings.max_n = 6;
  recipe.settings.noise_power = 0.5;
  RecipeOptions options("weft train fasttext",
                        "Word vectors with n-grams of characters (Bojanowski et al. 2017); with "
                        "--supervised a text classifier (Joulin et al. 2017), whose options "
                        "weft train fasttext --supervised --help lists.");
  recipe.bind(options);
  options.whole("min_n", recipe.settings.min_n, 0, 100, "characters of the shortest n-grams; 0: none");
  options.whole("max_n", recipe.settings.max_n, 0, 100, "characters of the longest n-grams; 0: none");
  options.whole("buckets", recipe.settings.buckets, 0, 1000000000,
                "vectors that n-grams share by their hash");
  switch (options.parse(command, own)) {
    case RecipeOptions::Parsed::help_was_printed:
      return ExitCode::ok;
    case RecipeOptions::Parsed::refused:
      return ExitCode::usage;
    case RecipeOptions::Parsed::go_on:
      break;
  }
  return recipe.run("fasttext", common, options);
}

}  // namespace weft::repl
