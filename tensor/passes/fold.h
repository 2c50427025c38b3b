#pragma once

#include <vector>

#include "tensor/graph.h"
#include "tensor/plan.h"

namespace weft {

/// Constant folding and identities, in loop bodies too, only where every bit stays what it was:
///   - elementwise ops and casts of constants are done once, by the kernels themselves
///   - x * 1, x / 1, x - 0, x + -0, x ^ 1 are x (x + 0 is not: -0 + 0 = 0; nor is x * 0, of a NaN), x ^ 2 is
///     x * x, x / 2^n is x * 2^-n, x ^ 0 is 1, --x is x, not not x is x
///   - where with a constant condition, and with a true or false, or likewise
///   - stop, which only gradients heed, is its operand; views and copies of constants are constants
/// An extent is a constant: plans are made for extents. `map` becomes what each node is in the result.
/// Cost: linear in nodes.
Graph fold_constants(const Graph&, const Bindings& extents, DType real, std::vector<NodeId>& map);

}  // namespace weft
