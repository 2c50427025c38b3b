#pragma once

#include <cstdint>

#include "tensor/ops/common.h"

namespace weft {

/// What `windows` and `overlap` are told: position (i, j) of (windows, offsets) is position
/// i stride + j dilation of the whole axis.
struct Windows {
  std::int64_t stride = 1, dilation = 1;

  /// Throws ShapeError where the attributes' numbers aren't a stride and a dilation of at least 1.
  Windows(OpId op, const Attributes& attributes);
  /// How far `windows` windows of `offsets` positions reach.
  Extent reach(const Extent& windows, const Extent& offsets) const {
    return (windows - Extent(1)) * Extent(stride) + (offsets - Extent(1)) * Extent(dilation) + Extent(1);
  }
};

/// overlap of x, in which the axis of the windows may have the whole axis' own name.
NodeId overlap(Graph& graph, NodeId x, AxisId windows, AxisId offsets, const Dim& whole,
               std::vector<double> numbers);

}  // namespace weft
