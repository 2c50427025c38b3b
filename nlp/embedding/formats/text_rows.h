#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "nlp/embedding/formats/format.h"

namespace weft::nlp {

/// "V D" of a line that holds two whole numbers and nothing else.
struct TextHeader {
  std::int64_t words = 0, dimension = 0;
};
std::optional<TextHeader> text_header(std::string_view line);

/// The first line of a text, without its end.
std::string_view first_line(std::string_view text);

/// Whether bytes begin as UTF-8 without control characters, line ends and tabs aside.
bool is_text(std::string_view bytes);

/// How many fields at the end of a line are numbers; never all of them, as the first is the word's.
std::int64_t trailing_numbers(std::string_view line);

/// Reads lines of a word and `dimension` numbers, from the byte `begin` on, which begins the line `line`.
/// spaces: words may hold spaces; the last `dimension` fields are the vector. words: how many the file
/// promises, or -1.
EmbeddingModel read_text_rows(const BytesIn& in, std::size_t begin, std::int64_t line, std::int64_t dimension,
                              std::int64_t words, bool spaces, const EmbeddingReading& options,
                              EmbeddingReport& report);

/// Appends a word and its numbers, each with as many digits as bring the same float back, and a line end.
void append_text_row(std::string& out, std::string_view word, std::span<const float> vector);

}  // namespace weft::nlp
