#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/token.h"

namespace weft::syntax {

struct Lexed {
  std::vector<Token> tokens;       // the last one is Kind::end
  std::vector<Comment> comments;   // in source order
  std::vector<Diagnostic> faults;  // in source order, at most one a line
  bool text_open_at_end = false;   // the last line ends inside a text
};

/// Cuts a source text into tokens, in one pass. The text has no encoding fault.
Lexed lex(std::string_view source, std::uint32_t file);

/// Why a text can't be read at all: bytes that are no UTF-8, a NUL, too many of them.
std::optional<Diagnostic> encoding_fault(std::string_view source, std::uint32_t file);

}  // namespace weft::syntax
