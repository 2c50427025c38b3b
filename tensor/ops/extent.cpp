#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph&, Inputs, const Attributes& attributes) {
  if (attributes.extents.size() != 1)
    fail(ShapeError::Kind::attributes, OpId::extent, "one extent", "another number");
  return {};
}

}  // namespace

/// extent: how long an axis is in this run, attributes.extents[0], as a real scalar.
/// Shapes: -> [].
const OpRule extent_op{.arity = 0, .formula = "the length of an axis", .infer = infer};

}  // namespace weft
