#pragma once

#include <cstddef>
#include <string_view>

namespace weft::nlp {

/// Text is handed to ICU in segments of at most this many bytes.
inline constexpr std::size_t kSegmentBytes = std::size_t{64} << 10;

/// The white space of ASCII: space, tab, line feed, vertical tab, form feed, carriage return.
constexpr bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// How many bytes of valid UTF-8 to take as the next segment: all where that is at most `limit`, else up to
/// the last white space that follows another ASCII character, so that no word and no grapheme cluster is
/// torn. Where there is none, up to the last character that a normalization can't join to the one before. At
/// least 1 of a text that isn't empty; `limit` must be at least 4. Cost: O(limit).
std::size_t segment_length(std::string_view text, std::size_t limit = kSegmentBytes);

}  // namespace weft::nlp
