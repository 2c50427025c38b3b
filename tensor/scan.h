#pragma once

#include <memory>
#include <vector>

#include "tensor/graph.h"

namespace weft {

/// The results of a scan: last carried values, stacked outputs (axis in front).
struct ScanResult {
  std::vector<NodeId> last;
  std::vector<NodeId> stacked;
};

struct ScanOptions {
  /// Lift what the body computes from walked and captured inputs alone (and draws no random numbers) in front
  /// of the loop, over the whole axis at once: an input projection becomes one product.
  bool hoist = true;
};

/// Adds a scan node for a finished body, whose inputs are bound to `inputs` (carried, walked, captured: see
/// ScanBody). Throws ShapeError where a `next` value's type isn't that of the carried input, or a walked
/// input lacks the axis.
ScanResult add_scan(Graph& graph, std::shared_ptr<ScanBody> body, std::vector<NodeId> inputs,
                    ScanOptions options = {});

}  // namespace weft
