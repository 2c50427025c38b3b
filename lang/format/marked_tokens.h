#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lang/syntax/token.h"

namespace weft::formatting {

/// How loosely a binary operator binds: 0 is the loosest. -1: no such operator.
int level_of(syntax::Kind kind);
constexpr int kTightest = 6;

/// The tokens of a text without faults, and what can be told of each: its bracket's partner, whether a
/// statement starts with it, which comments stand in front of it, what it is to the tokens beside it. Where
/// statements start the parser says, the rest the tokens.
class MarkedTokens {
 public:
  using Index = std::size_t;

  MarkedTokens(std::string_view source, const std::vector<syntax::Token>& tokens,
               const std::vector<syntax::Comment>& comments, const std::vector<std::uint32_t>& starts);

 protected:
  bool is(Index i, syntax::Kind kind) const { return tokens_[i].kind == kind; }
  bool is_binary(Index i) const;
  /// Whether an operand can end with it, so that a bracket after it belongs to it.
  bool ends_operand(Index i) const;
  bool begins_group(Index paren) const { return paren == 0 || starts_[paren] || !ends_operand(paren - 1); }
  bool space_between(Index left, Index right) const;

  /// The next token among the same brackets.
  Index after(Index i) const { return syntax::opens(tokens_[i].kind) ? partner_[i] + 1 : i + 1; }
  /// The first token in [begin, end) among the same brackets for which `wanted` holds, or end.
  template <class Wanted>
  Index find(Index begin, Index end, Wanted wanted) const {
    Index i = begin;
    while (i < end && !wanted(i)) i = after(i);
    return std::min(i, end);
  }
  Index find(Index begin, Index end, syntax::Kind kind) const {
    return find(begin, end, [&](Index i) { return is(i, kind); });
  }

  std::string_view source_;
  const std::vector<syntax::Token>& tokens_;
  const std::vector<syntax::Comment>& comments_;
  std::vector<Index> partner_;
  std::vector<char> starts_, dropped_;  // truth values
  std::vector<std::size_t> until_;      // comments in front of the token

 private:
  void match();
  void mark_starts(const std::vector<std::uint32_t>& starts);
  void mark_doubled();
  void place_comments();
  bool closes_line(Index i) const;
};

}  // namespace weft::formatting
