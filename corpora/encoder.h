#pragma once

#include <cstdint>
#include <vector>

#include "corpora/token_index.h"

namespace weft::corpora {

/// Numbers tokens on one thread while others do the same, with an index of its own, and translates these
/// numbers to those of the common index in turn. The common numbers are by first appearance in the text,
/// however many threads there are: whatever is new to all of it in a piece is new to this thread in that
/// piece too.
class Encoder {
 public:
  std::int32_t number(std::string_view token) { return own_.number(token); }

  /// In turn: makes common numbers of all that are new.
  void publish(TokenIndex& common) {
    while (common_.size() < static_cast<std::size_t>(own_.size()))
      common_.push_back(common.number(own_.token(static_cast<std::int32_t>(common_.size()))));
  }
  std::int32_t common(std::int32_t number) const { return common_[static_cast<std::size_t>(number)]; }
  /// Numbers that were published already.
  std::size_t published() const { return common_.size(); }
  std::string_view token(std::int32_t number) const { return own_.token(number); }

  /// After a turn: a text of ever new tokens doesn't fill the memory once a thread.
  void forget_if_large() {
    if (own_.size() < kMostKept) return;
    own_.clear();
    common_.clear();
  }

 private:
  static constexpr std::int32_t kMostKept = 1 << 18;

  TokenIndex own_;
  std::vector<std::int32_t> common_;  // by own number
};

}  // namespace weft::corpora
