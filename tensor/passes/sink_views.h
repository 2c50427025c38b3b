#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// Brings views before elementwise ops: a slice, split or rename of a value that nothing else reads is taken
/// of the operands instead, so that what reads the parts can be joined with what made the whole (an LSTM's
/// four gates are slices of one sum). Nothing is computed twice: several slices sink only where they don't
/// overlap. Kept are the inputs and what `roots` need; `map` becomes what each node is in the copy, kNoNode
/// where it is left out. Loop bodies stay as they are. Cost: linear in nodes.
Graph sink_views(const Graph&, std::span<const NodeId> roots, std::vector<NodeId>& map);

}  // namespace weft
