#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/text/vocabulary.h"

namespace weft::corpora {

/// Different texts, their bytes one behind the other in large pieces of memory.
class TextArena {
 public:
  /// A copy that stays until clear().
  std::string_view keep(std::string_view text);
  void clear();

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

  std::vector<std::unique_ptr<char[]>> pieces_;
  std::size_t left_ = 0;  // of the last one
  char* next_ = nullptr;
};

/// Numbers tokens 0, 1, 2, .. as they first appear, so that a corpus is tokenized once: ids are written while
/// it is being read, and translated when the vocabulary is known. Cost: one hash and about one comparison.
class TokenIndex {
 public:
  /// The token's number, given to it now where it is new.
  std::int32_t number(std::string_view token);
  std::int32_t size() const { return static_cast<std::int32_t>(tokens_.size()); }
  std::string_view token(std::int32_t number) const { return tokens_[static_cast<std::size_t>(number)]; }
  /// The token's number, or -1.
  std::int32_t find(std::string_view token) const;
  /// Forgets all tokens, not what was counted.
  void clear();

  /// An occurrence that counts towards the vocabulary.
  void count(std::int32_t number) {
    ++counts_[static_cast<std::size_t>(number)];
    ++counted_;
  }
  /// What was counted: occurrences, and different tokens.
  std::int64_t counted() const { return counted_; }
  std::int64_t different() const;

  /// The vocabulary of what was counted at least min_count times.
  nlp::Vocabulary vocabulary(const std::vector<std::string>& specials, std::int64_t min_count) const;
  /// From numbers to indices of `vocabulary`.
  std::vector<std::int32_t> translation(const nlp::Vocabulary& vocabulary) const;
  /// How many counted occurrences `vocabulary` doesn't hold.
  std::int64_t unknown(const nlp::Vocabulary& vocabulary) const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t number = -1;  // -1: free
  };
  void grow();

  TextArena arena_;
  std::vector<std::string_view> tokens_;
  std::vector<std::int64_t> counts_;
  std::vector<Slot> slots_;
  std::int64_t counted_ = 0;
};

}  // namespace weft::corpora
