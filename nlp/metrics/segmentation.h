#pragma once

#include <cstdint>
#include <vector>

#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// How well a text is cut into words: a word is right where one of the reference begins and ends at the same
/// places. Source: Sproat and Emerson, "The First International Chinese Word Segmentation Bakeoff", 2003.
struct SegmentationScore {
  std::int64_t reference = 0;  // words
  std::int64_t found = 0;
  std::int64_t right = 0;

  /// Adds a text. Both in order, none overlapping another of its kind.
  void add(const std::vector<ByteSpan>& reference_words, const std::vector<ByteSpan>& found_words);

  /// right / found, right / reference, and their harmonic mean; 0 of nothing.
  double precision() const;
  double recall() const;
  double f1() const;
};

}  // namespace weft::nlp
