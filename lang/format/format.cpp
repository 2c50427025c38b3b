#include "lang/format/format.h"

#include <algorithm>
#include <optional>

#include "lang/format/layout.h"
#include "lang/format/marked_tokens.h"
#include "lang/syntax/brackets.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/limits.h"

namespace weft {
namespace {

using formatting::kTightest;
using formatting::Layout;
using formatting::level_of;
using formatting::MarkedTokens;
using syntax::Comment;
using syntax::Kind;
using syntax::Token;

constexpr int kIndent = 2;
/// Of a signature's or a training's later lines, which are told from the block below by it.
constexpr int kHeaderIndent = 6;

std::string_view without_trailing_blanks(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Walks the tokens of a text without faults and says where its lines may end. Tokens come out in their
/// order, all but parentheses around parentheses, so the tree can't change; what stands in brackets, between
/// commas and between operators is told from the tokens alone, and only where statements start comes from the
/// parser.
class Formatter : MarkedTokens {
 public:
  using MarkedTokens::MarkedTokens;

  std::string run() {
    layout_.open(Layout::Kind::statement, 0);
    statements(0, tokens_.size() - 1);
    layout_.close();
    return layout_.render();
  }

 private:
  // --- comments ---

  bool comments_before(Index i) const { return comment_ < until_[i]; }
  std::string_view next_comment() {
    const Span span = comments_[comment_++].span;
    return without_trailing_blanks(source_.substr(span.begin, span.end - span.begin));
  }
  /// The comment that stands at the end of the line before token i.
  void comment_at_end(Index i) {
    if (comments_before(i) && !comments_[comment_].alone) layout_.comment_after(next_comment());
  }
  void comments_alone(Index i) {
    while (comments_before(i)) layout_.comment_alone(next_comment());
  }

  // --- tokens ---

  void token(Index i) {
    if (dropped_[i]) return;
    comment_at_end(i);
    comments_alone(i);
    layout_.text(tokens_[i].text);
  }

  void soft(Index next, bool space) {
    comment_at_end(next);
    if (!unbroken_) {
      layout_.soft(space);
    } else if (space) {
      layout_.space();
    }
    comments_alone(next);
  }

  void closing(Index bracket, bool space) {
    comment_at_end(bracket);
    while (comments_before(bracket)) {
      layout_.soft(space);
      layout_.comment_alone(next_comment());
    }
    if (!unbroken_) {
      layout_.closing(space);
    } else if (space) {
      layout_.space();
    }
  }

  // --- statements ---

  bool blank_between(std::uint32_t begin, std::uint32_t end) const {
    const auto between = source_.substr(begin, end - begin);
    const auto first = between.find('\n');
    return first != std::string_view::npos && between.find('\n', first + 1) != std::string_view::npos;
  }

  /// Those from token i to the bracket or the end of the text at `end`.
  void statements(Index i, Index end) {
    std::uint32_t last = i > 0 ? tokens_[i - 1].span.end : 0;  // where what was written last ends
    bool any = false;
    for (;;) {
      if (comments_before(i) && !comments_[comment_].alone && i > 0) {
        last = comments_[comment_].span.end;
        layout_.comment_after(next_comment());
      }
      while (comments_before(i)) {
        const Span span = comments_[comment_].span;
        layout_.hard(any && blank_between(last, span.begin));
        layout_.comment_alone(next_comment());
        last = span.end;
        any = true;
      }
      if (i == end) break;
      layout_.hard(any && blank_between(last, tokens_[i].span.begin));
      const Index next = find(after(i), end, [&](Index k) { return starts_[k] != 0; });
      statement(i, next);
      last = tokens_[next - 1].span.end;
      i = next;
      any = true;
    }
  }

  void statement(Index i, Index end) {
    layout_.open(Layout::Kind::statement, kIndent);
    const bool setting = i + 1 < end && is(i + 1, Kind::assign);
    const Kind kind = setting ? Kind::name : tokens_[i].kind;
    switch (kind) {
      case Kind::kw_fn:
      case Kind::kw_model:
      case Kind::kw_train:
      case Kind::kw_step:
      case Kind::kw_validate: {
        const Index brace = partner_[end - 1];
        layout_.open(Layout::Kind::list, kHeaderIndent);
        header(i, brace);
        layout_.close();
        layout_.space();
        block_of_statement(brace);
        break;
      }
      case Kind::kw_if:
        branches(i, end);
        break;
      case Kind::kw_let:
        named_value(i, end);
        break;
      default:
        layout_.open(all_single(i + 1, end) ? Layout::Kind::fill : Layout::Kind::list, kIndent);
        clauses(i, end);
        layout_.close();
    }
    layout_.close();
  }

  /// What stands before a block. The type of a function's result stays on one line: its parameters have lines
  /// of their own instead.
  void header(Index i, Index brace) {
    const Index arrow = find(i, brace, Kind::arrow);
    clauses(i, arrow);
    if (arrow == brace) return;
    layout_.space();
    unbroken_ = true;
    sequence(arrow, brace);
    unbroken_ = false;
  }

  void branches(Index i, Index end) {
    while (i < end) {
      if (is(i, Kind::kw_else)) {
        if (comments_before(i)) {
          comment_at_end(i);
          layout_.hard_closing();
          while (comments_before(i)) {
            layout_.comment_alone(next_comment());
            layout_.hard_closing();
          }
        }
        layout_.space();
        token(i++);
        layout_.space();
      }
      const Index brace = find(i, end, Kind::left_brace);
      if (i < brace) {
        layout_.open(Layout::Kind::list, kHeaderIndent);
        expression(i, brace, kIndent);
        layout_.close();
        layout_.space();
      }
      block_of_statement(brace);
      i = partner_[brace] + 1;
    }
  }

  /// `let a, b = value`
  void named_value(Index i, Index end) {
    const Index assign = find(i, end, Kind::assign);
    sequence(i, assign);
    value(assign, end);
  }

  /// `minimize LOSS over P using OPT`, `save X to Y`, `train X on Y as (...)`: the later clauses start lines
  /// of their own where all doesn't fit on one.
  void clauses(Index i, Index end) {
    const auto starts_clause = [&](Index k) {
      const Kind kind = tokens_[k].kind;
      if (kind != Kind::kw_over && kind != Kind::kw_using && kind != Kind::kw_to && kind != Kind::kw_as)
        return false;
      const bool named = is(k - 1, Kind::dot) || is(k + 1, Kind::assign);
      return !named;
    };
    Index clause = find(i, end, starts_clause);
    list(i, clause, kIndent);
    if (clause == end) return;
    soft(clause, true);
    layout_.open(Layout::Kind::list, 0);
    while (clause < end) {
      const Index next = find(clause + 1, end, starts_clause);
      list(clause, next, kIndent);
      if (next < end) soft(next, true);
      clause = next;
    }
    layout_.close();
  }

  void block_of_statement(Index brace) {
    comment_at_end(brace);
    layout_.open_of_statement(block_kind(brace), kIndent);
    block_inside(brace);
    layout_.close();
  }

  /// A block of one statement that was written on one line stays there, if it fits.
  bool written_on_a_line(Index brace) const {
    const Index close = partner_[brace];
    if (close == brace + 1) return false;
    const auto written =
        source_.substr(tokens_[brace].span.end, tokens_[close].span.begin - tokens_[brace].span.end);
    return written.find('\n') == std::string_view::npos &&
           std::find(starts_.begin() + brace + 2, starts_.begin() + close, 1) == starts_.begin() + close;
  }
  Layout::Kind block_kind(Index brace) const {
    return written_on_a_line(brace) ? Layout::Kind::list : Layout::Kind::block;
  }

  void block_inside(Index brace) {
    const Index close = partner_[brace];
    token(brace);
    const bool empty = close == brace + 1 && !comments_before(close);
    if (written_on_a_line(brace)) {
      layout_.soft(true);
      statement(brace + 1, close);
      layout_.closing(true);
    } else if (!empty) {
      statements(brace + 1, close);
      layout_.hard_closing();
    }
    layout_.text(tokens_[close].text);
  }

  // --- expressions ---

  bool is_separator(Index i) const { return is(i, Kind::comma) || is(i, Kind::semicolon); }

  /// Items with commas between. `step`: what the operators of a single one are indented by.
  void list(Index i, Index end, int step) {
    const auto separator = [&](Index k) { return is_separator(k); };
    Index next = find(i, end, separator);
    if (next < end) step = kIndent;
    while (true) {
      item(i, next, step);
      if (next == end) return;
      token(next);
      soft(next + 1, true);
      i = next + 1;
      next = find(i, end, separator);
    }
  }

  /// `name = value`, `x: type = value` or an expression.
  void item(Index i, Index end, int step) {
    const Index assign = find(i, end, Kind::assign);
    if (assign == end) return expression(i, end, step);
    sequence(i, assign);
    value(assign, end);
  }

  /// `= value`. What has operators of its own starts a line below where it doesn't fit.
  void value(Index assign, Index end) {
    layout_.space();
    token(assign);
    const Index begin = assign + 1;
    if (find(begin, end, [&](Index k) { return is_binary(k); }) == end) {
      layout_.space();
      return sequence(begin, end);
    }
    layout_.open(Layout::Kind::list, kIndent);
    soft(begin, true);
    expression(begin, end, 0);
    layout_.close();
  }

  void expression(Index i, Index end, int step) {
    int loosest = kTightest + 1;
    for (Index k = i; k < end; k = after(k)) {
      if (is_binary(k)) loosest = std::min(loosest, level_of(tokens_[k].kind));
    }
    if (loosest > kTightest) return sequence(i, end);
    const auto op = [&](Index k) { return is_binary(k) && level_of(tokens_[k].kind) == loosest; };
    layout_.open(Layout::Kind::list, step);
    Index next = find(i, end, op);
    while (true) {
      expression(i, next, kIndent);
      if (next >= end) break;
      layout_.space();
      token(next);
      soft(next + 1, true);
      i = next + 1;
      next = find(i, end, op);
    }
    layout_.close();
  }

  /// Tokens and brackets one after the other.
  void sequence(Index i, Index end) {
    for (Index k = i; k < end; k = after(k)) {
      if (k > i && space_between(k - 1, k)) layout_.space();
      if (is(k, Kind::left_brace)) {
        braces(k);
      } else if (opens(tokens_[k].kind)) {
        brackets(k);
      } else {
        token(k);
      }
    }
  }

  /// The body of a scan, or the element of a repetition.
  void braces(Index brace) {
    const Index close = partner_[brace];
    if (close == brace + 1 || starts_[brace + 1]) {
      comment_at_end(brace);
      layout_.open(block_kind(brace), kIndent);
      block_inside(brace);
      return layout_.close();
    }
    layout_.open(Layout::Kind::list, kIndent);
    token(brace);
    soft(brace + 1, true);
    expression(brace + 1, close, 0);
    closing(close, true);
    layout_.text(tokens_[close].text);
    layout_.close();
  }

  void brackets(Index open) {
    const Index close = partner_[open];
    Index begin = open + 1, end = close;
    while (begin < end && dropped_[begin]) ++begin, --end;
    layout_.open(Layout::Kind::list, kIndent);
    token(open);
    if (begin < end) {
      soft(begin, false);
      layout_.open(all_single(begin, end) ? Layout::Kind::fill : Layout::Kind::list, 0);
      list(begin, end, 0);
      layout_.close();
    }
    if (begin < end || comments_before(close)) closing(close, false);
    layout_.text(tokens_[close].text);
    layout_.close();
  }

  /// Whether every item is a single token: such lists are filled.
  bool all_single(Index begin, Index end) const {
    for (Index k = begin; k < end; ++k) {
      if (((k - begin) % 2 == 1) != is_separator(k)) return false;
    }
    return true;
  }

  std::size_t comment_ = 0;  // to be written next
  bool unbroken_ = false;    // lines don't end here but for comments
  Layout layout_;
};

}  // namespace

Formatted format(const Sources& sources, std::uint32_t file, const Parsed& parsed) {
  if (!parsed.diagnostics.empty()) return {"", parsed.diagnostics};
  const std::string_view source = sources[file].text;
  syntax::Lexed lexed = syntax::lex(source, file);
  (void)syntax::match_brackets(lexed.tokens);  // they match
  std::string text = Formatter(source, lexed.tokens, lexed.comments, parsed.statement_starts).run();
  // Spaces can make more of a text than may be read again.
  if (text.size() > syntax::kLargestSource) text = source;
  return {std::move(text), {}};
}

Formatted format(const Sources& sources, std::uint32_t file) {
  return format(sources, file, parse(sources, file));
}

}  // namespace weft
