#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// Which nodes' values vary, differentiably, with those of `from`; these included. Integers, booleans,
/// comparisons, `stop` and updates pass nothing on. A scan counts as one node: its items vary where any of
/// its inputs does.
std::vector<char> varying(const Graph& graph, std::span<const NodeId> from);

/// One sweep of reverse mode: given cotangents `seeds` of `outputs`, appends the nodes that compute those of
/// `wrt` and returns them, kNoNode where none arrives. A cotangent may lack axes of its value, along which it
/// is constant; it has none beside.
std::vector<NodeId> reverse_sweep(Graph& graph, std::span<const NodeId> outputs,
                                  std::span<const NodeId> seeds, std::span<const NodeId> wrt);

}  // namespace weft
