#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/std/library.h"

/// What the binary brings in its own language: the standard library and the recipes, as texts to be read.
namespace weft::service {

/// A model or function of a library part.
struct LibraryEntry {
  std::string name;       // "LSTM"
  std::string signature;  // "model LSTM[In -> H](layers = 1, dropout = 0)"
  std::string help;       // the comment above it, in one line
  std::string_view text;  // as written, with that comment
};

/// The models and functions of a part, in the order of its text.
std::vector<LibraryEntry> entries_of(const StandardSource& part);

/// The first sentence or line of the comment that a source begins with.
std::string summary_of(std::string_view text);

/// What is asked for: "std.nn", "std.nn.LSTM", "LSTM", or a recipe's name. Its source ends with a newline.
std::optional<std::string> library_text(std::string_view asked);

/// All that `library_text` knows, for proposals: parts, entries with and without their part, recipes.
std::vector<std::string> library_names();

/// The parts with their entries, and the recipes, as a table of names and what they are.
std::string library_overview();

}  // namespace weft::service
