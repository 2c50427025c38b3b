#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::argmax, attributes.axes, 1);
  TensorType type = infer_reduced(OpId::argmax, graph, inputs, attributes);
  type.element = {ElementKind::index, attributes.axes[0]};
  return type;
}

}  // namespace

/// argmax: where along the axis attributes.axes[0] x is largest; the first of several.
/// Shapes:   x without the axis, to indices into it.  Errors: element, axes, attributes (not one axis).
/// Gradient: none
const OpRule argmax_op{
    .arity = 1, .formula = "where along the axis x is largest", .infer = infer, .space = reduction_space};

}  // namespace weft
