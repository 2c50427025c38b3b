#pragma once

#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/token.h"

namespace weft::syntax {

struct Brackets {
  std::vector<Diagnostic> faults;  // in source order of what they point at first
  bool open_at_end = false;        // the text ends inside a bracket
  bool gave_up = false;            // too deep, or too many faults: tokens are left as they were
};

/// Makes the brackets of `tokens` match, in one pass, and sets every token's depth. What is never closed is
/// closed where it must have ended (before the next statement, before the partner of an outer bracket, at the
/// end of the text), and what closes nothing is left out, so the grammar never meets an unbalanced bracket.
Brackets match_brackets(std::vector<Token>& tokens);

/// Whether the token at `t` starts a statement for certain, whatever precedes it: the first of its line, a
/// word of the language, and not an argument or a column of that name.
bool surely_starts_statement(const Token* t);

}  // namespace weft::syntax
