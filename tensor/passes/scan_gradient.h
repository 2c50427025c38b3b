#pragma once

#include <vector>

#include "tensor/graph.h"

namespace weft {

/// The gradient of a scan, which is a scan the other way whose body is the gradient of the body.
/// `results` has the cotangent of each of its results (by item number; kNoNode where none came), `needed`
/// whether an input's cotangent is asked for; returns those of the inputs, kNoNode where none arrives.
///
/// What the backward loop reads of the forward one becomes further stacked results of that, so its body is
/// replaced by a larger one; walked and captured inputs are walked and captured again. A captured input's
/// gradient that a turn would add up as a product or a sum is taken once over the whole axis after the loop
/// (the weights of a recurrent layer get theirs from one matrix product); only what has another form is
/// carried along and added to.
std::vector<NodeId> scan_gradient(Graph& graph, NodeId scan, const std::vector<NodeId>& results,
                                  const std::vector<char>& needed);

}  // namespace weft
