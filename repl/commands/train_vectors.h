#pragma once

#include <string>

#include "nlp/embedding/settings.h"
#include "repl/commands/command.h"
#include "repl/commands/recipe_options.h"
#include "repl/text_reading.h"

namespace weft::repl {

/// What the recipes of word vectors have in common.
struct VectorsRecipe {
  nlp::EmbeddingSettings settings;
  std::string corpus = "english.txt", output;
  std::string model = "skipgram", loss = "negative_sampling", tokens = "fields";
  TextReading reading;
  std::string from, checkpoint;
  double minutes = 5;
  bool deterministic = false;

  void bind(RecipeOptions& options);
  /// Trains and writes the file. Gives the exit code.
  int run(const char* name, const CommonOptions& common, const RecipeOptions& options);
};

}  // namespace weft::repl
