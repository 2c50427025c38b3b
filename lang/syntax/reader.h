#pragma once

#include <string_view>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/placement.h"
#include "lang/syntax/token.h"

namespace weft::syntax {

/// What the grammar needs beside its rules: what is said of a statement that can't be read, where reading
/// goes on after it, and the comments that belong to one that could.
class Reader {
 public:
  /// `faults`: what is known to be wrong with the text already, in source order. A statement that holds one
  /// of them isn't blamed a second time. `balanced`: every bracket had its partner from the start.
  Reader(std::string_view source, const std::vector<Token>& tokens, const std::vector<Comment>& comments,
         const std::vector<Diagnostic>& faults, bool balanced);

  const Token* begin() const { return tokens_.data(); }
  const Token* end() const { return tokens_.data() + tokens_.size(); }

  /// Throws Fault where the first tokens show that no statement starts here. `block`: the first token of the
  /// list.
  void check_start(const Token* begin, const Token* block, Place place) const;

  /// Completes a statement read from [begin, end): spans, help from comments, whether it belongs here.
  void finish(ast::Stmt& statement, Place place, const Token* begin, const Token* end);

  /// Records what is wrong with the statement that starts at `begin` and was read up to `where`. Gives where
  /// the next one starts: the first line that starts with a statement's word among the same brackets, or
  /// their end.
  const Token* recover(const Token* begin, const Token* where, Diagnostic fault);
  /// Likewise, for "expected `what`".
  const Token* recover_expected(const Token* begin, const Token* where, std::string_view what);

  /// What the list of statements being read is the body of.
  Place place() const { return place_; }
  void enter(Place place) { place_ = place; }

  std::vector<Diagnostic> take_diagnostics() { return std::move(diagnostics_); }
  /// Offsets of the statements that were read, those within others first.
  std::vector<std::uint32_t> take_statement_starts() { return std::move(starts_); }
  /// Something was missing at the very end of the text / anything else was wrong.
  bool missing_at_end() const { return missing_at_end_; }
  bool wrong_elsewhere() const { return wrong_elsewhere_; }

 private:
  const Token* resume(const Token* begin, const Token* where) const;
  bool holds_known_fault(const Token* begin, const Token* end) const;
  void record(Diagnostic fault, bool at_end);
  std::string comment_after(std::uint32_t offset) const;
  std::string comments_above(std::uint32_t offset) const;

  std::string_view source_;
  const std::vector<Token>& tokens_;
  const std::vector<Comment>& comments_;
  std::vector<std::uint32_t> known_;  // offsets of known faults, sorted
  bool balanced_;
  Place place_ = Place::program;
  std::vector<Diagnostic> diagnostics_;
  std::vector<std::uint32_t> starts_;
  bool missing_at_end_ = false;
  bool wrong_elsewhere_ = false;
};

}  // namespace weft::syntax
