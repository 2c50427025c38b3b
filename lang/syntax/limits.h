#pragma once

#include <cstddef>

/// What keeps any text from costing more than a little time, stack and memory.
namespace weft::syntax {

/// The largest source text, in bytes.
inline constexpr std::size_t kLargestSource = std::size_t{4} << 20;
/// The deepest nesting of brackets: the grammar recurses with them, and so does all that walks the tree.
inline constexpr int kDeepest = 256;
/// And of `{ }` among them: a level of these costs a few times as much stack.
inline constexpr int kDeepestBlocks = 64;
/// Signed exponents in one another, 2^-2^-2: the only nesting without brackets.
inline constexpr int kDeepestExponent = 64;
/// The faults told of one text.
inline constexpr std::size_t kMostFaults = 100;

}  // namespace weft::syntax
