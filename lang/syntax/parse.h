#pragma once

#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/ast.h"

namespace weft {

struct Parsed {
  ast::Program program;                 // the statements that could be read, even beside errors
  std::vector<Diagnostic> diagnostics;  // syntax faults (E01xx), in source order
  /// The text ends inside a bracket, block or statement: more input could make it right. The REPL asks for
  /// it.
  bool incomplete = false;
  /// Where each statement starts, of all blocks: byte offsets in source order.
  std::vector<std::uint32_t> statement_starts;
};

/// Parses sources[file]. Any byte sequence gives a tree or diagnostics, in time linear in its length:
/// brackets nested deeper than 256 are refused before the grammar sees them.
Parsed parse(const Sources& sources, std::uint32_t file);

}  // namespace weft
