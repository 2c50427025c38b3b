#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::reverse, attributes.axes, 1);
  expect_on(graph, OpId::reverse, inputs, 0, attributes.axes);
  return graph.type(inputs[0]);
}

std::vector<NodeId> backward(Backward& b) {
  if (!b.graph.type(b.dy).has(b.self().attributes.axes[0])) return {b.dy};
  return {b.graph.emit(OpId::reverse, {b.dy}, {.axes = b.self().attributes.axes})};
}

}  // namespace

/// reverse: y[i] = x[n - 1 - i] along the axis attributes.axes[0] of n positions.
/// Shapes:   x's.  Errors: axes.
/// Gradient: reverse
/// Cost:     none: the result is a view
const OpRule reverse_op{
    .arity = 1, .formula = "an axis from its end to its beginning", .infer = infer, .backward = backward};

}  // namespace weft
