#pragma once

#include "tensor/ops/common.h"

/// What optimizers share.
namespace weft {

/// Throws ShapeError unless attributes.numbers are so many.
void expect_numbers(OpId, const Attributes&, std::size_t count);
/// beta1, beta2, epsilon, decay and perhaps l2.
void expect_adam_numbers(OpId, const Attributes&);
/// Operands 1 to `count` are as operand 0 is.
void expect_states(const Graph&, OpId, Inputs, int count);

/// The type of an optimizer's step: (w, `states` tensors as w, g within it, rate [], scale [] and perhaps
/// step []) -> w's. Errors: element, axes, extents; attributes.numbers are left to the caller.
TensorType infer_update(OpId, const Graph&, Inputs, int states);

}  // namespace weft
