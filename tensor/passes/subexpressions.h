#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// A graph without what nobody asked for, and what was asked for in it.
struct SharedGraph {
  Graph graph;
  std::vector<NodeId> outputs;
  std::vector<NodeId> effects;
};

/// Dead code and common subexpressions: of nodes with the same op, inputs and attributes one is kept, in loop
/// bodies too, and none that neither an output nor an effect is computed from. Every input stays, so that
/// slots keep their numbers; effects (assign, sgd, adam) and loops are never joined. A node is a value: one
/// that reads a parameter means its value before an update, one that reads the update that after it, wherever
/// the plan puts either, so joining never crosses a write. Random numbers are a function of key, stream and
/// position: draws of one stream are equal as any other values. Cost: linear in nodes.
SharedGraph share_subexpressions(const Graph& graph, std::span<const NodeId> outputs,
                                 std::span<const NodeId> effects);

}  // namespace weft
