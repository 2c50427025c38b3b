#pragma once

#include <optional>
#include <string>

#include "lang/syntax/fault.h"
#include "lang/syntax/fold.h"
#include "lang/syntax/literals.h"
#include "lang/syntax/parsers.h"
#include "lang/syntax/syntax_codes.h"

/// Tokens as the grammar's terminals: names, literals, operators, punctuation. For grammar.cpp alone.
namespace weft::syntax {

// --- names and literals ---

inline ast::Name name_of(const Token& token) {
  ast::Name name;
  const auto primes = token.text.find('\'');
  name.text = token.text.substr(0, primes);
  if (primes != std::string_view::npos) name.primes = static_cast<int>(token.text.size() - primes);
  name.span = token.span;
  return name;
}

inline ast::Name value_name_of(const Token& token) {
  ast::Name name = name_of(token);
  if (name.primes > 0) {
    Diagnostic d;
    d.code = syntax_code::primes;
    d.span = token.span;
    d.message = "a prime on a name that isn't an axis";
    d.label = "only axes have primes";
    throw Fault(std::move(d));
  }
  return name;
}

// The name of a value, model, option, ...
constexpr auto name = terminal<ast::Name>([](Iterator& first, ast::Name& value) {
  if (first->kind != Kind::name) return false;
  value = value_name_of(*first++);
  return true;
});

// An axis, perhaps with primes.
constexpr auto axis_name = terminal<ast::Name>([](Iterator& first, ast::Name& value) {
  if (first->kind != Kind::name) return false;
  value = name_of(*first++);
  return true;
});

// After a point the words of the language are names like others: `book.next`. On the same line, so that a
// point too many doesn't take in the word the next line starts with.
constexpr auto member_name = terminal<ast::Name>([](Iterator& first, ast::Name& value) {
  if (!is_word(first->kind) || first->first_in_line) return false;
  value = value_name_of(*first++);
  return true;
});

// `name =`, for any word.
constexpr auto binding = terminal<ast::Name>([](Iterator& first, ast::Name& value) {
  if (!is_word(first->kind) || first[1].kind != Kind::assign) return false;
  value = value_name_of(*first);
  first += 2;
  return true;
});

/// A new expression over the token at `first`.
inline ast::ExprPtr take(Iterator& first, decltype(ast::Expr::form) form) {
  auto expr = std::make_unique<ast::Expr>();
  expr->form = std::move(form);
  expr->span = first->span;
  ++first;
  return expr;
}

constexpr auto reference = terminal<ast::ExprPtr>([](Iterator& first, ast::ExprPtr& value) {
  if (first->kind != Kind::name) return false;
  value = take(first, ast::Reference{name_of(*first)});
  return true;
});

// A column of the data, alone between commas: any word, as in `y = next`.
constexpr auto column = terminal<ast::ExprPtr>([](Iterator& first, ast::ExprPtr& value) {
  const Kind after = first[0].kind == Kind::end ? Kind::end : first[1].kind;
  if (!is_word(first->kind) || (after != Kind::comma && after != Kind::right_paren)) return false;
  value = take(first, ast::Reference{name_of(*first)});
  return true;
});

constexpr auto number = terminal<ast::ExprPtr>([](Iterator& first, ast::ExprPtr& value) {
  if (first->kind != Kind::number) return false;
  std::optional<Diagnostic> fault;  // told by the lexer already
  const double number = number_value(first->text, fault);
  const bool integer = first->text.find_first_of(".eE") == std::string_view::npos;
  value = take(first, ast::Number{number, integer});
  return true;
});

inline std::string text_of(const Token& token) {
  std::optional<Diagnostic> fault;
  std::string_view body = token.text.substr(1);
  if (body.ends_with('"')) body.remove_suffix(1);
  return unescape(body, fault);
}

constexpr auto text = terminal<ast::ExprPtr>([](Iterator& first, ast::ExprPtr& value) {
  if (first->kind != Kind::text) return false;
  value = take(first, ast::Text{text_of(*first)});
  return true;
});

constexpr auto path = terminal<std::string>([](Iterator& first, std::string& value) {
  if (first->kind != Kind::text) return false;
  value = text_of(*first++);
  return true;
});

// `std.nn`
constexpr auto dotted_name = terminal<std::string>([](Iterator& first, std::string& value) {
  if (first->kind != Kind::name) return false;
  value = value_name_of(*first++).text;
  while (first[0].kind == Kind::dot && is_word(first[1].kind) && !first[1].first_in_line) {
    value += '.';
    value += value_name_of(first[1]).text;
    first += 2;
  }
  return true;
});

// --- operators ---

inline std::optional<ast::Operator> binary_operator(Kind kind) {
  switch (kind) {
    case Kind::pipe:
      return ast::Operator::pipe;
    case Kind::kw_or:
      return ast::Operator::logical_or;
    case Kind::kw_and:
      return ast::Operator::logical_and;
    case Kind::less:
      return ast::Operator::less;
    case Kind::less_equal:
      return ast::Operator::less_equal;
    case Kind::greater:
      return ast::Operator::greater;
    case Kind::greater_equal:
      return ast::Operator::greater_equal;
    case Kind::equal:
      return ast::Operator::equal;
    case Kind::not_equal:
      return ast::Operator::not_equal;
    case Kind::plus:
      return ast::Operator::add;
    case Kind::minus:
      return ast::Operator::sub;
    case Kind::star:
      return ast::Operator::mul;
    case Kind::slash:
      return ast::Operator::div;
    case Kind::caret:
      return ast::Operator::pow;
    default:
      return std::nullopt;
  }
}

constexpr auto any_operator =
    terminal<FlatExpression::Mark>([](Iterator& first, FlatExpression::Mark& value) {
      const auto op = binary_operator(first->kind);
      if (!op) return false;
      value = {*op, first->span};
      ++first;
      return true;
    });

// What an extent may hold: + - * / ^.
constexpr auto arithmetic = terminal<FlatExpression::Mark>([](Iterator& first, FlatExpression::Mark& value) {
  const auto op = binary_operator(first->kind);
  if (!op || *op < ast::Operator::add) return false;
  value = {*op, first->span};
  ++first;
  return true;
});

constexpr auto prefix = terminal<FlatOperand::Mark>([](Iterator& first, FlatOperand::Mark& value) {
  if (first->kind != Kind::minus && first->kind != Kind::kw_not) return false;
  value = {first->kind == Kind::minus ? ast::Prefix::Op::minus : ast::Prefix::Op::logical_not, first->span};
  ++first;
  return true;
});

// --- punctuation and words ---

constexpr Symbol left_paren(Kind::left_paren, "`(`"), right_paren(Kind::right_paren, "`,` or `)`");
constexpr Symbol left_bracket(Kind::left_bracket, "axes in `[ ]`"),
    right_bracket(Kind::right_bracket, "`,` or `]`");
constexpr Symbol left_brace(Kind::left_brace, "`{`"), right_brace(Kind::right_brace, "`}`");
constexpr Symbol comma(Kind::comma, "`,`"), colon(Kind::colon, "`:`"), semicolon(Kind::semicolon, "`;`");
constexpr Symbol dot(Kind::dot, "`.`"), rest(Kind::rest, "`..`"), arrow(Kind::arrow, "`->`");
constexpr Symbol assign(Kind::assign, "`=`");
constexpr SameLine same_line;

constexpr Symbol word(Kind kind, const char* what) {
  return {kind, what};
}

/// One or more, with commas between. `first` and `more` read the same, in the words of an error message.
template <class First, class More>
constexpr auto list(const First& first, const More& more) {
  return first >> *(comma >> more);
}

}  // namespace weft::syntax
