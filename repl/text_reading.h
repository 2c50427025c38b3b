#pragma once

#include <string>

#include "corpora/text_blocks.h"
#include "repl/commands/command.h"
#include "repl/commands/recipe_options.h"
#include "repl/progress_line.h"

namespace weft::repl {

/// How a command reads its texts: what its options --invalid and --expansion say. Ctrl-C ends the reading.
struct TextReading {
  std::string invalid = "error";
  double expansion = corpora::ExpansionLimit().most_expansion;

  /// progress: told how much has been read, where there is one.
  corpora::TextOptions options(ReadingProgress* progress = nullptr) const;
};

void add_text_reading(CLI::App& app, TextReading& reading);
void add_text_reading(RecipeOptions& options, TextReading& reading);

}  // namespace weft::repl
