#include "lang/syntax/reader.h"

#include <algorithm>

#include "lang/syntax/brackets.h"
#include "lang/syntax/expected.h"
#include "lang/syntax/fault.h"
#include "lang/syntax/limits.h"

namespace weft::syntax {
namespace {

constexpr std::string_view kBlank = " \t\r";

/// A comment without its `#` and the white space around it.
std::string_view content(std::string_view comment) {
  comment.remove_prefix(1);
  const auto begin = comment.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return comment.substr(begin, comment.find_last_not_of(kBlank) + 1 - begin);
}

bool setting_line(const Token* t, const Token* first) {
  return t->first_in_line && t->kind == Kind::name && (t + 1)->kind == Kind::assign && t != first &&
         (t - 1)->kind != Kind::comma;
}

}  // namespace

Reader::Reader(std::string_view source, const std::vector<Token>& tokens,
               const std::vector<Comment>& comments, const std::vector<Diagnostic>& faults, bool balanced)
    : source_(source), tokens_(tokens), comments_(comments), balanced_(balanced) {
  for (const Diagnostic& d : faults) known_.push_back(d.span.begin);
}

void Reader::check_start(const Token* begin, const Token* block, Place place) const {
  Diagnostic d = start_fault(begin, block, this->begin(), place);
  if (!d.code.empty()) throw Fault(std::move(d));
}

void Reader::finish(ast::Stmt& statement, Place place, const Token* begin, const Token* end) {
  starts_.push_back(begin->span.begin);
  statement.keyword = begin->span;
  statement.span = {begin->span.file, begin->span.begin, (end - 1)->span.end};
  if (auto* option = std::get_if<ast::OptionDecl>(&statement.form)) {
    option->help = comment_after(statement.span.end);
  } else if (auto* function = std::get_if<ast::FnDecl>(&statement.form); function && begin->first_in_line) {
    function->help = comments_above(statement.span.begin);
  } else if (auto* model = std::get_if<ast::ModelDecl>(&statement.form); model && begin->first_in_line) {
    model->help = comments_above(statement.span.begin);
  }
  // With a brace missing it isn't known what stands where.
  if (balanced_ && !belongs(place, statement)) record(misplaced(place, statement, begin->text), false);
}

const Token* Reader::recover(const Token* begin, const Token* where, Diagnostic fault) {
  const Token* next = resume(begin, where);
  if (!holds_known_fault(begin, next)) record(std::move(fault), where->at_end);
  return next;
}

const Token* Reader::recover_expected(const Token* begin, const Token* where, std::string_view what) {
  return recover(begin, where, expected(what, where, this->begin()));
}

const Token* Reader::resume(const Token* begin, const Token* where) const {
  const bool full = diagnostics_.size() + 1 >= kMostFaults;
  const Token* t = std::max(begin + 1, where);
  if (begin->kind == Kind::end) return begin;
  for (; t->kind != Kind::end; ++t) {
    if (full) continue;
    if (t->depth < begin->depth) break;
    if (t->depth == begin->depth && (surely_starts_statement(t) || setting_line(t, this->begin()))) break;
  }
  return t;
}

bool Reader::holds_known_fault(const Token* begin, const Token* end) const {
  // What was left out in front of it, `&&` in `a && b`, counts too.
  const bool goes_on = begin != this->begin() && !begin->first_in_line;
  const auto from = goes_on ? (begin - 1)->span.end : begin->span.begin;
  const auto first = std::lower_bound(known_.begin(), known_.end(), from);
  return first != known_.end() && *first < end->span.begin;
}

void Reader::record(Diagnostic fault, bool at_end) {
  (at_end ? missing_at_end_ : wrong_elsewhere_) = true;
  if (diagnostics_.size() < kMostFaults) diagnostics_.push_back(std::move(fault));
}

std::string Reader::comment_after(std::uint32_t offset) const {
  const auto comment = std::lower_bound(comments_.begin(), comments_.end(), offset,
                                        [](const Comment& c, std::uint32_t at) { return c.span.begin < at; });
  if (comment == comments_.end()) return {};
  const auto between = source_.substr(offset, comment->span.begin - offset);
  if (between.find_first_not_of(kBlank) != std::string_view::npos) return {};
  return std::string(content(source_.substr(comment->span.begin, comment->span.end - comment->span.begin)));
}

std::string Reader::comments_above(std::uint32_t offset) const {
  const auto last = std::lower_bound(comments_.begin(), comments_.end(), offset,
                                     [](const Comment& c, std::uint32_t at) { return c.span.begin < at; });
  const auto right_above = [&](const Comment& comment, std::uint32_t below) {
    const auto between = source_.substr(comment.span.end, below - comment.span.end);
    const auto newline = between.find_first_not_of(kBlank);
    return newline != std::string_view::npos && between[newline] == '\n' &&
           between.find_first_not_of(kBlank, newline + 1) == std::string_view::npos;
  };
  auto first = last;
  for (std::uint32_t below = offset; first != comments_.begin(); --first) {
    const Comment& comment = *(first - 1);
    if (!comment.alone || !right_above(comment, below)) break;
    below = comment.span.begin;
  }
  std::string help;
  for (auto comment = first; comment != last; ++comment) {
    if (comment != first) help += '\n';
    help += content(source_.substr(comment->span.begin, comment->span.end - comment->span.begin));
  }
  return help;
}

}  // namespace weft::syntax
