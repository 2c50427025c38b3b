#pragma once

#include <cstdint>

namespace weft::check {

/// How deep and how large a program has become, with its calls and models followed.
struct Growth {
  int models = 0;                // being made, within one another
  int nesting = 0;               // of expressions, through calls and models
  bool too_deep = false;         // told; until the outermost expression is left
  std::int64_t expressions = 0;  // evaluated, of the source being read

  /// Nothing is being read any more.
  void unwind() { models = nesting = 0; }
};

}  // namespace weft::check
