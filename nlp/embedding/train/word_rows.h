#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nlp/embedding/dictionary.h"
#include "nlp/embedding/settings.h"

namespace weft::nlp {

/// Which rows of the input matrix make up each word: its own, then those of its n-grams. Worked out once a
/// word, not once a token. Rows lie closely: only the buckets that an n-gram of the vocabulary falls into
/// have one, in the order in which the words, frequent ones first, come upon them; so the rows that are used
/// most lie together, and two million buckets cost no more than those in use.
class WordRows {
 public:
  WordRows() = default;
  WordRows(const Dictionary& dictionary, const EmbeddingSettings& settings);

  /// Of the matrix: words and used buckets.
  std::int64_t rows() const { return rows_; }
  std::span<const std::int32_t> of(std::int32_t word) const {
    const auto b = begins_[static_cast<std::size_t>(word)], e = begins_[static_cast<std::size_t>(word) + 1];
    return {list_.data() + b, e - b};
  }
  /// By bucket: its row behind the words', or -1. Empty where there are no n-grams.
  const std::vector<std::int32_t>& kept_buckets() const { return kept_; }

 private:
  std::vector<std::size_t> begins_{0};
  std::vector<std::int32_t> list_;
  std::vector<std::int32_t> kept_;
  std::int64_t rows_ = 0;
};

}  // namespace weft::nlp
