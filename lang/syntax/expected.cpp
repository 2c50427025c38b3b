#include "lang/syntax/expected.h"

#include <string>

#include "lang/concat.h"
#include "lang/syntax/syntax_codes.h"

namespace weft::syntax {
namespace {

/// The token before `t` that was really written; null where there is none.
const Token* before(const Token* t, const Token* first) {
  while (t != first) {
    --t;
    if (!t->text.empty()) return t;
  }
  return nullptr;
}

std::string help_for(std::string_view what, const Token* where) {
  if (what == "a type") return "a type is `[B, T]`, `bool[B]`, `V[B, T]` or `text`, for example";
  if (what == "`:` and a type") return "a function's parameters have types, as in `x: [B, T]`";
  if (what == "`name = value`") return "every value here has a name";
  if (what == "`over`" || what == "`using`") return "`minimize LOSS over MODEL using OPTIMIZER`";
  if (what == "`[`") return "a scan names the axis it walks along: `scan[T](x; h = start) { ... }`";
  if (what == "a kind of option")
    return "an option is `int`, `real`, `bool` or `text`: `option rate: real = 0.1`";
  if (what == "a condition") return "an expression known before the run, as in `if layers > 1 { ... }`";
  if (what.starts_with("an axis") && where->kind == Kind::number)
    return "an extent belongs to an axis: `axis In = 3`, and then `[In]`, or `[In: 3]` on the spot";
  if (what == "a count") return "an expression, as in `repeat 6 { Layer() }`";
  if (where->kind == Kind::dot && (where + 1)->kind == Kind::number)
    return "a number starts with a digit: 0.5";
  if (where->kind == Kind::left_bracket) return "`[ ]` holds axes and follows a name";
  return "";
}

/// Whether a token on the same line can go on with an expression that starts with a name.
bool can_follow_name(Kind kind) {
  switch (kind) {
    case Kind::name:
    case Kind::number:
    case Kind::text:
    case Kind::left_brace:
    case Kind::kw_not:
      return false;
    case Kind::kw_and:
    case Kind::kw_or:
      return true;
    default:
      return !is_keyword(kind);
  }
}

bool starts_expression(Kind kind) {
  switch (kind) {
    case Kind::name:
    case Kind::number:
    case Kind::text:
    case Kind::left_paren:
    case Kind::minus:
    case Kind::kw_not:
    case Kind::kw_scan:
    case Kind::kw_repeat:
      return true;
    default:
      return false;
  }
}

Diagnostic fault(const char* code, const Token* at, std::string message, std::string label = {},
                 std::string help = {}) {
  Diagnostic d;
  d.code = code;
  d.span = at->span;
  d.message = std::move(message);
  d.label = std::move(label);
  d.help = std::move(help);
  return d;
}

/// How the language says what a word of another language says; "" for words that aren't such ones.
std::string elsewhere(std::string_view word) {
  struct Row {
    std::string_view word;
    const char* here;
  };
  static constexpr Row rows[] = {
      {"def", "a function is written `fn name(x: [B, T]) -> [B] { ... }`"},
      {"function", "a function is written `fn name(x: [B, T]) -> [B] { ... }`"},
      {"func", "a function is written `fn name(x: [B, T]) -> [B] { ... }`"},
      {"class", "a layer is written `model Name[In -> Out](rate = 0.1) { ... }`"},
      {"struct", "a layer is written `model Name[In -> Out](rate = 0.1) { ... }`"},
      {"for",
       "a loop along an axis is `scan[T](x; h = start) { ... }`; a chain of layers is `repeat 6 { Layer() "
       "}`"},
      {"while", "a loop along an axis is `scan[T](x; h = start) { ... }`"},
      {"var", "a name for a value is written `let x = ...`"},
      {"const", "a name for a value is written `let x = ...`"},
      {"print", "`show` prints: `show x, loss = y`"},
      {"assert", "`expect` checks: `expect run.loss < 2`"},
      {"from", "`import \"layers.weft\"` reads another file's statements"},
      {"use", "`import \"layers.weft\"` reads another file's statements"},
      {"elif", "`} else if condition { ... }`"},
  };
  for (const Row& row : rows) {
    if (row.word == word) return row.here;
  }
  return "";
}

Diagnostic unknown_statement(const Token* begin, Place place) {
  const std::string word(begin->text);
  std::string help = elsewhere(word);
  if (const std::string near = nearest(word, statement_words()); help.empty() && !near.empty()) {
    help = concat("did you mean `", near, "`?");
  } else if (help.empty() && place == Place::train) {
    help = concat("a setting is written `", word, " = value`");
  }
  return fault(syntax_code::unknown_statement, begin, concat("unknown statement `", word, "`"), "", help);
}

Diagnostic left_over(const Token* begin, const Token* previous) {
  std::string message = concat("unexpected ", describe(*begin));
  if (previous != nullptr) message += concat(" after ", describe(*previous));
  std::string help;
  if (begin->kind == Kind::assign) help = "`==` compares two values";
  return fault(syntax_code::unexpected, begin, message, "the statement ends before this", help);
}

}  // namespace

Diagnostic expected(std::string_view what, const Token* where, const Token* first) {
  const Token* previous = before(where, first);
  const bool same_line = previous == nullptr || (!where->first_in_line && !where->text.empty());
  if (same_line && is_keyword(where->kind) && what.starts_with("a name")) {
    return fault(syntax_code::word_as_name, where, describe(*where) + " is a word of the language",
                 "can't be a name", "choose another name");
  }
  std::string message = concat("expected ", what);
  if (previous != nullptr) message += concat(" after ", describe(*previous));
  Diagnostic d =
      fault(syntax_code::expected, where, message, concat("found ", describe(*where)), help_for(what, where));
  if (!same_line) {
    d.span = previous->span;
    d.span.begin = d.span.end;
    d.label = where->at_end ? "the text ends here" : where->first_in_line ? "the line ends here" : "";
  }
  return d;
}

Diagnostic start_fault(const Token* begin, const Token* block, const Token* first, Place place) {
  const Token* next = begin + 1;
  const Kind kind = begin->kind;
  if (starts_statement(kind)) return {};
  if (kind == Kind::kw_else) {
    return fault(syntax_code::lone_else, begin, "`else` without an `if`",
                 "no block of an `if` ends before this", "write `if condition { ... } else { ... }`");
  }
  const bool setting = is_word(kind) && next->kind == Kind::assign;
  const bool after_block = begin != first && (begin - 1)->kind == Kind::right_brace;
  if (!begin->first_in_line && begin != block && !(setting && after_block)) {
    return left_over(begin, before(begin, first));
  }
  if (setting) return {};
  if (kind == Kind::name && !next->first_in_line && !can_follow_name(next->kind)) {
    return unknown_statement(begin, place);
  }
  if (starts_expression(kind)) return {};
  if (is_keyword(kind)) {
    return fault(syntax_code::expected, begin, "expected a statement",
                 describe(*begin) + " doesn't start one");
  }
  return fault(syntax_code::expected, begin, "expected a statement", concat("found ", describe(*begin)),
               help_for("a statement", begin));
}

}  // namespace weft::syntax
