#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// Reverse-mode differentiation, graph to graph: appends to `graph` the nodes that compute d loss / d w for
/// each w in `wrt` and returns them; kNoNode where loss does not depend on w (or only through `stop`, an
/// index or a comparison).
/// Shapes:  loss [] real; result i has the axes of wrt[i], in its physical order.
/// Errors:  invalid_argument "[gradient] expected a scalar loss, got ..."
/// A gradient that is wholly rows of a gathered table is a `scatter_add` node; an optimizer may use its
/// inputs instead of it (sgd_rows, merge_rows). Scans on the way gain stacked results for what the backward
/// loop reads. Source:  Griewank and Walther 2008, ch. 3.
std::vector<NodeId> gradient(Graph& graph, NodeId loss, std::span<const NodeId> wrt);

}  // namespace weft
