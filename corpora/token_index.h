#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nlp/text/vocabulary.h"

namespace weft::corpora {

/// Numbers tokens as they first appear, so that a corpus is tokenized once: ids are written while it is being
/// read, and translated when the vocabulary is known.
class TokenIndex {
 public:
  /// The token's number. `counts`: whether this occurrence counts towards the vocabulary.
  std::int32_t add(std::string_view token, bool counts);

  /// What was counted: occurrences, and different tokens.
  std::int64_t counted() const { return counted_; }
  std::int64_t different() const;

  /// The vocabulary of what was counted at least min_count times.
  nlp::Vocabulary vocabulary(const std::vector<std::string>& specials, std::int64_t min_count) const;
  /// From the numbers of add() to indices of `vocabulary`.
  std::vector<std::int32_t> translation(const nlp::Vocabulary& vocabulary) const;
  /// How many counted occurrences `vocabulary` doesn't hold.
  std::int64_t unknown(const nlp::Vocabulary& vocabulary) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> tokens_;  // keys of numbers_, which stay where they are
  std::vector<std::int64_t> counts_;
  std::int64_t counted_ = 0;
};

}  // namespace weft::corpora
