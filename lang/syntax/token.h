#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/span.h"

namespace weft::syntax {

enum class Kind : std::uint8_t {
  name,
  number,
  text,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  comma,
  colon,
  semicolon,
  dot,
  rest,
  arrow,
  assign,
  pipe,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  plus,
  minus,
  star,
  slash,
  caret,
  // words that start a statement
  kw_axis,
  kw_option,
  kw_data,
  kw_let,
  kw_param,
  kw_fn,
  kw_model,
  kw_train,
  kw_step,
  kw_minimize,
  kw_validate,
  kw_show,
  kw_plot,
  kw_explain,
  kw_set,
  kw_freeze,
  kw_if,
  kw_save,
  kw_expect,
  kw_return,
  kw_next,
  kw_import,
  // words inside statements and expressions
  kw_scan,
  kw_repeat,
  kw_else,
  kw_over,
  kw_using,
  kw_on,
  kw_as,
  kw_to,
  kw_and,
  kw_or,
  kw_not,
  end
};

constexpr bool is_keyword(Kind k) {
  return k >= Kind::kw_axis && k <= Kind::kw_not;
}
constexpr bool starts_statement(Kind k) {
  return k >= Kind::kw_axis && k <= Kind::kw_import;
}
constexpr bool is_word(Kind k) {
  return k == Kind::name || is_keyword(k);
}
constexpr bool opens(Kind k) {
  return k == Kind::left_paren || k == Kind::left_bracket || k == Kind::left_brace;
}
constexpr bool closes(Kind k) {
  return k == Kind::right_paren || k == Kind::right_bracket || k == Kind::right_brace;
}

struct Token {
  Kind kind = Kind::end;
  bool first_in_line = false;
  bool at_end = false;      // the end of the text, or a bracket closed there for want of a better place
  std::uint16_t depth = 0;  // brackets around it
  Span span;
  std::string_view text;  // as written
};

struct Comment {
  Span span;           // from `#` to the end of its line
  bool alone = false;  // nothing before it on its line
};

/// The word of the language this is, if it is one.
std::optional<Kind> keyword(std::string_view word);
/// All words of the language, sorted.
const std::vector<std::string>& keyword_words();
/// The words that start a statement, for proposals.
const std::vector<std::string>& statement_words();
/// "`x`", cut where it is long; "the end of the text".
std::string describe(const Token&);

}  // namespace weft::syntax
