#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_distinct(graph, OpId::copy, attributes.type.dims);
  expect_within(graph, OpId::copy, inputs, 0, attributes.type.dims);
  return {graph.type(inputs[0]).element, attributes.type.dims};
}

std::vector<NodeId> backward(Backward& b) {
  return {b.dy};
}

}  // namespace

/// copy: y = x laid out in the physical order of attributes.type, repeated along axes of it that x lacks.
/// Shapes:   -> attributes.type's axes; x's are among them.  Errors: axes, extents.
/// Gradient: dy
const OpRule copy_op{
    .arity = 1, .formula = "x in another physical order", .infer = infer, .backward = backward};

}  // namespace weft
