#include "lang/format/marked_tokens.h"

namespace weft::formatting {

using syntax::Kind;

int level_of(Kind kind) {
  switch (kind) {
    case Kind::pipe:
      return 0;
    case Kind::kw_or:
      return 1;
    case Kind::kw_and:
      return 2;
    case Kind::less:
    case Kind::less_equal:
    case Kind::greater:
    case Kind::greater_equal:
    case Kind::equal:
    case Kind::not_equal:
      return 3;
    case Kind::plus:
    case Kind::minus:
      return 4;
    case Kind::star:
    case Kind::slash:
      return 5;
    case Kind::caret:
      return 6;
    default:
      return -1;
  }
}
MarkedTokens::MarkedTokens(std::string_view source, const std::vector<syntax::Token>& tokens,
                           const std::vector<syntax::Comment>& comments,
                           const std::vector<std::uint32_t>& starts)
    : source_(source), tokens_(tokens), comments_(comments) {
  match();
  mark_starts(starts);
  mark_doubled();
  place_comments();
}

void MarkedTokens::match() {
  partner_.resize(tokens_.size());
  std::vector<Index> open;
  for (Index i = 0; i < tokens_.size(); ++i) {
    partner_[i] = i;
    if (opens(tokens_[i].kind)) open.push_back(i);
    if (closes(tokens_[i].kind)) {
      partner_[i] = open.back();
      partner_[open.back()] = i;
      open.pop_back();
    }
  }
}

void MarkedTokens::mark_starts(const std::vector<std::uint32_t>& starts) {
  starts_.resize(tokens_.size());
  auto start = starts.begin();
  for (Index i = 0; i < tokens_.size(); ++i) {
    while (start != starts.end() && *start < tokens_[i].span.begin) ++start;
    starts_[i] = start != starts.end() && *start == tokens_[i].span.begin;
  }
}

/// In `((x))` the inner parentheses are left out.
void MarkedTokens::mark_doubled() {
  dropped_.resize(tokens_.size());
  for (Index i = 0; i + 1 < tokens_.size(); ++i) {
    const bool both = is(i, Kind::left_paren) && is(i + 1, Kind::left_paren);
    if (!both || partner_[i] != partner_[i + 1] + 1 || !begins_group(i)) continue;
    const auto bare = [&](Index k) {  // no comment in front of it
      return source_.substr(tokens_[k - 1].span.end, tokens_[k].span.begin - tokens_[k - 1].span.end)
                 .find('#') == std::string_view::npos;
    };
    if (bare(i + 1) && bare(partner_[i])) dropped_[i + 1] = dropped_[partner_[i + 1]] = true;
  }
}

/// Comments belong in front of a token. What belongs to the token before goes along with it: in `a # c`,
/// newline, `+ b` the operator comes first.
void MarkedTokens::place_comments() {
  until_.resize(tokens_.size());
  std::size_t comment = 0;
  for (Index i = 0; i < tokens_.size(); ++i) {
    while (comment < comments_.size() && comments_[comment].span.begin < tokens_[i].span.begin) ++comment;
    until_[i] = comment;
  }
  for (Index i = 1; i < tokens_.size(); ++i) {
    if (closes_line(i)) until_[i] = until_[i - 1];
  }
}

bool MarkedTokens::closes_line(Index i) const {
  switch (tokens_[i].kind) {
    case Kind::comma:
    case Kind::semicolon:
    case Kind::colon:
    case Kind::assign:
    case Kind::arrow:
      return true;
    default:
      return is_binary(i);
  }
}

bool MarkedTokens::ends_operand(Index i) const {
  switch (tokens_[i].kind) {
    case Kind::name:
    case Kind::number:
    case Kind::text:
    case Kind::right_paren:
    case Kind::right_bracket:
    case Kind::right_brace:
    case Kind::kw_scan:
      return true;
    default:
      return i > 0 && is(i - 1, Kind::dot) && is_word(tokens_[i].kind);
  }
}
bool MarkedTokens::is_binary(Index i) const {
  if (level_of(tokens_[i].kind) < 0) return false;
  return !is(i, Kind::minus) || (i > 0 && !starts_[i] && ends_operand(i - 1));
}

bool MarkedTokens::space_between(Index left, Index right) const {
  const Kind a = tokens_[left].kind;
  switch (tokens_[right].kind) {
    case Kind::comma:
    case Kind::semicolon:
    case Kind::colon:
    case Kind::dot:
      return false;
    case Kind::left_paren:
    case Kind::left_bracket:
      if (ends_operand(left)) return false;
      break;
    default:
      break;
  }
  const bool sign = a == Kind::minus && !is_binary(left);
  return a != Kind::dot && !sign;
}

}  // namespace weft::formatting
