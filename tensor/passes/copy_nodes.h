#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// Emits in `to` the op of `from`'s node on other operands, with the node's place in the source. What the
/// node settled by the order of its operands (dropout's numbers, a scan's inputs) stays as it was.
NodeId copy_node(const Graph& from, NodeId id, Graph& to, std::vector<NodeId> operands);

/// The same, its operands looked up in `map`, which holds a node of `to` for each node of `from` that is
/// copied.
NodeId copy_mapped(const Graph& from, NodeId id, Graph& to, std::span<const NodeId> map);

/// `nodes` and all they are computed from, marked.
std::vector<char> ancestors(const Graph& graph, std::span<const NodeId> nodes);

}  // namespace weft
