#pragma once

#include <memory>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// A scan after hoisting: a smaller body and the operands it takes now.
struct HoistedScan {
  std::shared_ptr<ScanBody> body;
  std::vector<NodeId> inputs;
  /// For each stacked result of the original body: the node of the outer graph that is the whole of it, or
  /// kNoNode where it is still a result of the loop (in the order they had).
  std::vector<NodeId> outside;
};

/// Moves what the body computes without its carried values in front of the loop, over all positions at once:
/// named axes make every op work unchanged on operands with one axis more. Moved are
///   - products, look-ups, reductions and the like of walked inputs, with what is computed from them
///   elementwise (an
///     input projection becomes one matrix product and comes back as a walked input),
///   - whatever reads captured inputs alone (it comes back captured).
/// Not moved: elementwise work on walked inputs alone, which is cheaper in the loop's cache than as a pass
/// over all positions; random numbers; loops; and what already holds the scan's axis, so that it would meet
/// itself.
HoistedScan hoist_scan(Graph& graph, const ScanBody& body, const std::vector<NodeId>& inputs);

}  // namespace weft
