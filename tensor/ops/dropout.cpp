#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_real(graph, OpId::dropout, inputs, 0);
  const double rate = attributes.numbers.size() == 1 ? attributes.numbers[0] : -1;
  if (!(rate >= 0 && rate < 1)) {
    fail(ShapeError::Kind::attributes, OpId::dropout, "a rate of at least 0 and less than 1",
         std::to_string(rate));
  }
  const TensorType& x = graph.type(inputs[0]);
  if (attributes.axes.empty()) return x;
  expect_axes(graph, OpId::dropout, attributes.axes, static_cast<int>(x.dims.size()));
  expect_on(graph, OpId::dropout, inputs, 0, attributes.axes);
  TensorType type;
  for (AxisId axis : attributes.axes) type.dims.push_back(*x.find(axis));
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  Attributes attributes = b.self().attributes;
  attributes.axes = axes_of(b.self().type);
  return {b.graph.emit(OpId::dropout, {full(b)}, std::move(attributes))};
}

}  // namespace

/// dropout: y = x / (1 - p) with probability 1 - p, else 0 x; p = attributes.numbers[0], 0 <= p < 1.
/// Shapes:   those of x, in the order attributes.axes: the element an axis order counts is the number that is
/// drawn for it, so
///           the mask depends on that order and on the stream (attributes.index), not on how x lies. No axes:
///           x's order.
/// Errors:   element, attributes.
/// Gradient: the same op with the same stream on dy: the mask is drawn again, not kept
/// Source:   Srivastava et al. 2014, JMLR 15, in the inverted form
const OpRule dropout_op{.arity = 1,
                        .formula = "x with a share of its elements 0, the others scaled up",
                        .infer = infer,
                        .backward = backward};

}  // namespace weft
