#include "lang/syntax/lexer.h"

#include <boost/spirit/home/x3.hpp>
#include <cstdio>
#include <cstring>
#include <string>

#include "lang/concat.h"
#include "lang/syntax/letters.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/literals.h"
#include "lang/syntax/syntax_codes.h"
#include "lang/utf8.h"

namespace weft::syntax {
namespace {

namespace x3 = boost::spirit::x3;

/// One character of a name, as UTF-8.
struct Letter : x3::parser<Letter> {
  using attribute_type = x3::unused_type;
  [[maybe_unused]] static bool const has_attribute = false;

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context&, RuleContext&, Attribute&) const {
    if (first == last) return false;
    const Utf8Character c = decode_utf8({first, static_cast<std::size_t>(last - first)}, 0);
    if (!c.valid || !is_letter(c.value)) return false;
    first += c.length;
    return true;
  }
};

/// What a run of symbols is: a token, or (`help`) what other languages write for one.
struct Symbol {
  Kind kind = Kind::end;
  const char* help = nullptr;
  std::size_t length = 0;
};

/// All runs of symbols; the longest match decides, so `->` is never `-` and `>`.
x3::symbols<Symbol> symbol_table() {
  x3::symbols<Symbol> table;
  const auto token = [&](const char* text, Kind kind) {
    table.add(text, {kind, nullptr, std::strlen(text)});
  };
  const auto mistake = [&](const char* text, const char* help) {
    table.add(text, {Kind::end, help, std::strlen(text)});
  };
  token("(", Kind::left_paren);
  token(")", Kind::right_paren);
  token("[", Kind::left_bracket);
  token("]", Kind::right_bracket);
  token("{", Kind::left_brace);
  token("}", Kind::right_brace);
  token(",", Kind::comma);
  token(":", Kind::colon);
  token(";", Kind::semicolon);
  token(".", Kind::dot);
  token("..", Kind::rest);
  token("->", Kind::arrow);
  token("=", Kind::assign);
  token("|>", Kind::pipe);
  token("==", Kind::equal);
  token("!=", Kind::not_equal);
  token("<", Kind::less);
  token("<=", Kind::less_equal);
  token(">", Kind::greater);
  token(">=", Kind::greater_equal);
  token("+", Kind::plus);
  token("-", Kind::minus);
  token("*", Kind::star);
  token("/", Kind::slash);
  token("^", Kind::caret);
  mistake("...", "all other axes are written `..`");
  mistake("**", "a power is written `^`");
  mistake("//", "a comment starts with `#`");
  mistake("/*", "a comment starts with `#`");
  mistake("&", "\"and\" is written `and`");
  mistake("&&", "\"and\" is written `and`");
  mistake("|", "a pipe is written `|>`, \"or\" is written `or`");
  mistake("||", "\"or\" is written `or`");
  mistake("!", "\"not\" is written `not`");
  mistake("<>", "\"not equal\" is written `!=`");
  mistake("===", "\"equal\" is written `==`");
  mistake("!==", "\"not equal\" is written `!=`");
  mistake("=>", "a function's result type follows `->`");
  mistake(":=", "a value is declared with `let name = ...`");
  mistake("+=", "a name is given its value once, with `let`");
  mistake("-=", "a name is given its value once, with `let`");
  mistake("*=", "a name is given its value once, with `let`");
  mistake("/=", "a name is given its value once, with `let`");
  mistake("'", "a text stands in double quotes; a prime follows an axis directly, as in T'");
  mistake("`", "a text stands in double quotes");
  mistake("%", "");
  mistake("@", "a product over an axis is written `dot[Axis](a, b)`");
  return table;
}

/// Gathers what the lexical grammar finds.
class Collector {
 public:
  Collector(std::string_view source, std::uint32_t file) : source_(source), file_(file) {}

  void newline() { line_has_token_ = line_has_fault_ = false; }

  void comment(const char* begin, const char* end) {
    if (end > begin && end[-1] == '\r') --end;
    lexed_.comments.push_back({span(begin, end), !line_has_token_});
  }

  void word(const char* begin, const char* end) {
    const std::string_view text(begin, static_cast<std::size_t>(end - begin));
    token(keyword(text).value_or(Kind::name), begin, end);
  }

  void number(const char* begin, const char* end) {
    std::optional<Diagnostic> fault;
    number_value({begin, static_cast<std::size_t>(end - begin)}, fault);
    if (fault) report(std::move(*fault), span(begin, end));
    token(Kind::number, begin, end);
  }

  void glued_number(const char* begin, const char* end) {
    Diagnostic d;
    d.code = syntax_code::number;
    d.message = "a number and a name without anything between them";
    d.help = "write 3e-4 for powers of ten, and `*` for a product";
    report(std::move(d), span(begin, end));
    token(Kind::number, begin, end);
  }

  void text(const char* begin, const char* end) {
    std::optional<Diagnostic> fault;
    unescape({begin + 1, static_cast<std::size_t>(end - begin - 2)}, fault);
    if (fault) {
      const std::uint32_t start = offset(begin) + 1;
      const Span place{file_, start + fault->span.begin, start + fault->span.end};
      report(std::move(*fault), place);
    }
    token(Kind::text, begin, end);
  }

  void open_text(const char* begin, const char* end) {
    Diagnostic d;
    d.code = syntax_code::open_text;
    d.message = "a text that is never closed";
    d.label = "no `\"` follows on this line";
    d.help = "close it with `\"`; a line break in a text is written \\n";
    report(std::move(d), span(begin, begin + 1));
    token(Kind::text, begin, end);
    const auto rest = source_.substr(offset(end));
    lexed_.text_open_at_end = rest.find_first_not_of(" \t\r\n") == std::string_view::npos;
  }

  void symbol(const Symbol& symbol, const char* end) {
    const char* begin = end - symbol.length;
    if (symbol.kind != Kind::end) return token(symbol.kind, begin, end);
    unknown(begin, end, concat("`", std::string(begin, end), "` isn't an operator of the language"),
            symbol.help);
  }

  /// A character that starts no token. Left out of the tokens.
  void stray(const char* begin, const char* end) {
    const auto at = offset(begin);
    const Utf8Character c = decode_utf8(source_, at);
    const char* lookalike = ascii_lookalike(c.value);
    std::string name = concat("`", std::string(begin, end), "`");
    if (c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0)) {
      char hex[12];
      std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(c.value));
      name = concat("the control character ", hex);
    }
    unknown(begin, end, concat(name, " has no meaning in a program"),
            lookalike != nullptr ? concat("write ", lookalike) : "");
  }

  Lexed finish() {
    const auto size = static_cast<std::uint32_t>(source_.size());
    Token end;
    end.first_in_line = end.at_end = true;
    end.span = {file_, size, size};
    lexed_.tokens.push_back(end);
    return std::move(lexed_);
  }

 private:
  std::uint32_t offset(const char* p) const { return static_cast<std::uint32_t>(p - source_.data()); }
  Span span(const char* begin, const char* end) const { return {file_, offset(begin), offset(end)}; }

  void token(Kind kind, const char* begin, const char* end) {
    Token t;
    t.kind = kind;
    t.first_in_line = !line_has_token_;
    t.span = span(begin, end);
    t.text = {begin, static_cast<std::size_t>(end - begin)};
    lexed_.tokens.push_back(t);
    line_has_token_ = true;
  }

  void unknown(const char* begin, const char* end, std::string message, std::string help) {
    Diagnostic d;
    d.code = syntax_code::character;
    d.message = std::move(message);
    d.help = std::move(help);
    report(std::move(d), span(begin, end));
  }

  void report(Diagnostic d, Span span) {
    if (line_has_fault_ || lexed_.faults.size() >= kMostFaults) return;
    line_has_fault_ = true;
    d.span = span;
    lexed_.faults.push_back(std::move(d));
  }

  std::string_view source_;
  std::uint32_t file_;
  Lexed lexed_;
  bool line_has_token_ = false;
  bool line_has_fault_ = false;
};

}  // namespace

Lexed lex(std::string_view source, std::uint32_t file) {
  Collector collect(source, file);
  // An action that hands the matched characters to a function of the collector.
  const auto give = [&collect](auto function) {
    return [&collect, function](auto& context) {
      const auto& range = x3::_attr(context);
      (collect.*function)(range.begin(), range.end());
    };
  };
  static const x3::symbols<Symbol> symbols = symbol_table();

  using x3::char_;
  using x3::raw;
  const auto letter = Letter{};
  const auto digit = char_('0', '9');
  const auto in_line = char_ - '\n';
  const auto word = letter >> *(letter | digit) >> *x3::lit('\'');
  const auto exponent = char_("eE") >> -char_("+-") >> +digit;
  const auto number = +digit >> -('.' >> +digit) >> -exponent;
  const auto in_text = ('\\' >> in_line) | (char_ - char_("\"\\\n"));

  const auto tokens = *(
      +char_(" \t\r")                                                                                       //
      | x3::lit('\n')[([&](auto&) { collect.newline(); })]                                                  //
      | raw['#' >> *in_line][give(&Collector::comment)]                                                     //
      | raw[word][give(&Collector::word)]                                                                   //
      | raw[number >> +(letter | digit)][give(&Collector::glued_number)]                                    //
      | raw[number][give(&Collector::number)]                                                               //
      | raw['"' >> *in_text >> '"'][give(&Collector::text)]                                                 //
      | raw['"' >> *in_line][give(&Collector::open_text)]                                                   //
      | symbols[([&](auto& context) { collect.symbol(x3::_attr(context), x3::_where(context).begin()); })]  //
      | raw[char_ >> *char_('\x80', '\xBF')][give(&Collector::stray)]);

  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const char* first = source.data();
  const char* last = first + source.size();
  if (source.starts_with(byte_order_mark)) first += byte_order_mark.size();
  x3::parse(first, last, tokens);
  return collect.finish();
}

}  // namespace weft::syntax
