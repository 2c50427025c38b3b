#pragma once

#include "tensor/ops/common.h"

namespace weft {

/// The type of an optimizer's step: (w, `state` tensors of w's shape, g within it, rate [], scale []) -> w's.
/// Errors: attributes (other than `numbers` numbers), element, axes, extents.
TensorType infer_update(OpId, const Graph&, Inputs, const Attributes&, int state, std::size_t numbers);

}  // namespace weft
