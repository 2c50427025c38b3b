#pragma once

#include <boost/spirit/home/x3.hpp>
#include <type_traits>
#include <utility>

#include "lang/syntax/ast.h"
#include "lang/syntax/token.h"

/// What the grammar is made of: parsers of one token, what must follow a decision, and what is done with what
/// was read. For grammar.cpp alone.
namespace weft::syntax {

namespace x3 = boost::spirit::x3;
using Iterator = const Token*;

// --- tokens as parsers ---

/// A token without a value.
struct Symbol : x3::parser<Symbol> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static bool const has_attribute = false;

  Kind kind;
  const char* what;

  constexpr Symbol(Kind kind, const char* what) : kind(kind), what(what) {}

  template <class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context&, RuleContext&, Attribute&) const {
    if (first->kind != kind) return false;
    ++first;
    return true;
  }
};

/// Tokens with a value: `Read` is bool(Iterator& first, Value& value) and moves `first` where it succeeds.
template <class Value, class Read>
struct Terminal : x3::parser<Terminal<Value, Read>> {
  using attribute_type = Value;
  [[maybe_unused]] static bool const has_attribute = true;

  Read read;

  constexpr explicit Terminal(Read read) : read(read) {}

  template <class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context&, RuleContext&, Attribute& attribute) const {
    if constexpr (std::is_same_v<Attribute, Value>) {
      return read(first, attribute);
    } else {
      Value value{};
      return read(first, value);
    }
  }
};

template <class Value, class Read>
constexpr Terminal<Value, Read> terminal(Read read) {
  return Terminal<Value, Read>(read);
}

/// Nothing, where the next token stands on the same line as the one before it.
struct SameLine : x3::parser<SameLine> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static bool const has_attribute = false;

  template <class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context&, RuleContext&, Attribute&) const {
    return !first->first_in_line;
  }
};

/// The subject, or the statement is at fault: "expected `what` after ...".
template <class Subject>
struct Need : x3::unary_parser<Subject, Need<Subject>> {
  using base_type = x3::unary_parser<Subject, Need<Subject>>;
  static bool const is_pass_through_unary = true;
  static bool const handles_container = Subject::handles_container;

  const char* what;

  constexpr Need(const Subject& subject, const char* what) : base_type(subject), what(what) {}

  template <class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext& rule_context,
             Attribute& attribute) const {
    if (this->subject.parse(first, last, context, rule_context, attribute)) return true;
    throw x3::expectation_failure<Iterator>(first, what);
  }
};

template <class Subject>
constexpr Need<Subject> need(const char* what, const Subject& subject) {
  return {subject, what};
}
constexpr Need<Symbol> need(const Symbol& symbol) {
  return {symbol, symbol.what};
}

// --- what is done with what was read ---

/// Stores it in a member of what the rule reads.
template <auto Field>
constexpr auto into = [](auto& context) { x3::_val(context).*Field = std::move(x3::_attr(context)); };

/// Appends it to a member of what the rule reads.
template <auto Field>
constexpr auto append =
    [](auto& context) { (x3::_val(context).*Field).push_back(std::move(x3::_attr(context))); };

template <auto Field>
constexpr auto mark = [](auto& context) { x3::_val(context).*Field = true; };

/// Makes it the form of an expression, a statement or a suffix.
constexpr auto as_form = [](auto& context) { x3::_val(context).form = std::move(x3::_attr(context)); };

constexpr auto as_result = [](auto& context) { x3::_val(context) = std::move(x3::_attr(context)); };

inline void set_span(ast::ExprPtr& value, Span span) {
  value->span = span;
}
inline void set_span(auto& value, Span span) {
  value.span = span;
}

/// The subject; what its rule reads gets the span of the tokens it took.
template <class Subject>
struct Spanned : x3::unary_parser<Subject, Spanned<Subject>> {
  using base_type = x3::unary_parser<Subject, Spanned<Subject>>;
  static bool const is_pass_through_unary = true;
  static bool const handles_container = Subject::handles_container;

  constexpr explicit Spanned(const Subject& subject) : base_type(subject) {}

  template <class Context, class Value, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, Value& value,
             Attribute& attribute) const {
    const Iterator begin = first;
    if (!this->subject.parse(first, last, context, value, attribute)) return false;
    set_span(value, {begin->span.file, begin->span.begin, (first - 1)->span.end});
    return true;
  }
};

template <class Subject>
constexpr Spanned<Subject> spanned(const Subject& subject) {
  return Spanned<Subject>(subject);
}

}  // namespace weft::syntax
