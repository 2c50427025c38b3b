#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::cumsum, attributes.axes, 1);
  infer_reduced(OpId::cumsum, graph, inputs, attributes);
  return graph.type(inputs[0]);
}

std::vector<NodeId> backward(Backward& b) {
  Attributes attributes{.axes = b.self().attributes.axes};
  const std::vector<double>& numbers = b.self().attributes.numbers;
  const bool reverse = !numbers.empty() && numbers[0] != 0;
  attributes.numbers = {reverse ? 0.0 : 1.0};
  return {b.graph.emit(OpId::cumsum, {full(b)}, std::move(attributes))};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// cumsum: y_t = x_0 + ... + x_t along the axis attributes.axes[0]; with attributes.numbers[0] = 1 from the
/// other end, y_t = x_t + ... + x_last.
/// Shapes:   those of x.  Errors: attributes (not one axis), element, axes.
/// Gradient: the cumulative sum of dy from the other end
const OpRule cumsum_op{.arity = 1,
                       .formula = "x_0 + ... + x_t for each position t of the axis",
                       .infer = infer,
                       .backward = backward,
                       .space = space};

}  // namespace weft
