#include "lang/syntax/brackets.h"

#include <algorithm>
#include <string>

#include "lang/concat.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/syntax_codes.h"

namespace weft::syntax {
namespace {

Kind partner(Kind open) {
  switch (open) {
    case Kind::left_paren:
      return Kind::right_paren;
    case Kind::left_bracket:
      return Kind::right_bracket;
    default:
      return Kind::right_brace;
  }
}

std::string_view spelling(Kind close) {
  switch (close) {
    case Kind::right_paren:
      return ")";
    case Kind::right_bracket:
      return "]";
    default:
      return "}";
  }
}

class Matcher {
 public:
  explicit Matcher(std::vector<Token>& tokens) : tokens_(tokens) { matched_.reserve(tokens.size()); }

  Brackets run() {
    for (const Token& token : tokens_) {
      if (!in_block() && surely_starts_statement(&token)) close_until_block(token);
      if (opens(token.kind)) {
        const bool block = token.kind == Kind::left_brace;
        if (block && blocks_ == kDeepestBlocks) return too_deep(token, "blocks", kDeepestBlocks);
        if (open_.size() == static_cast<std::size_t>(kDeepest)) return too_deep(token, "brackets", kDeepest);
        put(token);
        open_.push_back(token);
        blocks_ += block ? 1 : 0;
      } else if (closes(token.kind)) {
        close(token);
      } else {
        if (token.kind == Kind::end) close_all();
        put(token);
      }
      if (result_.faults.size() >= kMostFaults) {
        result_.gave_up = true;
        break;
      }
    }
    if (!result_.gave_up) tokens_ = std::move(matched_);
    const auto earlier = [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; };
    std::stable_sort(result_.faults.begin(), result_.faults.end(), earlier);
    return std::move(result_);
  }

 private:
  bool in_block() const { return open_.empty() || open_.back().kind == Kind::left_brace; }

  void put(Token token) {
    token.depth = static_cast<std::uint16_t>(open_.size());
    matched_.push_back(token);
  }

  /// `token` closes the nearest open bracket of its kind. Round and square ones never reach out of their
  /// block.
  void close(const Token& token) {
    auto at = open_.size();
    while (at > 0 && partner(open_[at - 1].kind) != token.kind) {
      if (token.kind != Kind::right_brace && open_[at - 1].kind == Kind::left_brace) {
        at = 0;
        break;
      }
      --at;
    }
    if (at == 0) return report_closes_nothing(token);
    while (open_.size() > at) {
      report_never_closed(open_.back(), &token);
      insert_close(false);
    }
    forget_innermost();
    put(token);
  }

  void forget_innermost() {
    blocks_ -= in_block() ? 1 : 0;
    open_.pop_back();
  }

  void close_until_block(const Token& next) {
    while (!in_block()) {
      report_never_closed(open_.back(), &next);
      insert_close(false);
    }
  }

  /// One forgotten brace leaves all outer ones open too: the innermost is told.
  void close_all() {
    if (open_.empty()) return;
    result_.open_at_end = true;
    report_never_closed(open_.back(), nullptr);
    while (!open_.empty()) insert_close(true);
  }

  void insert_close(bool at_end) {
    Token token;
    token.kind = partner(open_.back().kind);
    token.at_end = at_end;
    token.span = matched_.back().span;
    token.span.begin = token.span.end;
    forget_innermost();
    put(token);
  }

  void report_never_closed(const Token& open, const Token* instead) {
    Diagnostic d;
    d.code = syntax_code::never_closed;
    d.span = open.span;
    d.message = concat("this `", open.text, "` is never closed");
    const std::string close = concat("`", spelling(partner(open.kind)), "`");
    d.label = concat("needs a ", close);
    if (instead != nullptr) {
      d.notes.push_back({instead->span, close + " had to come before this"});
    }
    result_.faults.push_back(std::move(d));
  }

  void report_closes_nothing(const Token& token) {
    Diagnostic d;
    d.code = syntax_code::closes_nothing;
    d.span = token.span;
    d.message = concat("this `", token.text, "` closes nothing");
    d.label = "no bracket of its kind is open here";
    result_.faults.push_back(std::move(d));
  }

  Brackets too_deep(const Token& token, const char* what, int most) {
    Diagnostic d;
    d.code = syntax_code::too_deep;
    d.span = token.span;
    d.message = concat(what, " nested more than ", std::to_string(most), " deep");
    d.label = "one too many";
    d.help = "give a part of the expression a name with `let`";
    result_.gave_up = true;
    result_.faults = {std::move(d)};
    return std::move(result_);
  }

  std::vector<Token>& tokens_;
  std::vector<Token> matched_;
  std::vector<Token> open_;
  int blocks_ = 0;  // braces among them
  Brackets result_;
};

}  // namespace

bool surely_starts_statement(const Token* t) {
  if (!t->first_in_line || !starts_statement(t->kind)) return false;
  switch ((t + 1)->kind) {
    case Kind::assign:
    case Kind::comma:
    case Kind::dot:
    case Kind::right_paren:
    case Kind::right_bracket:
      return false;
    default:
      return true;
  }
}

Brackets match_brackets(std::vector<Token>& tokens) {
  return Matcher(tokens).run();
}

}  // namespace weft::syntax
