#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::softmax, attributes.axes, 1);
  infer_reduced(OpId::softmax, graph, inputs, attributes);
  return graph.type(inputs[0]);
}

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const Axes axes = b.self().attributes.axes;
  return {g.mul(b.node, g.sub(b.dy, g.sum(g.mul(b.dy, b.node), axes)))};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// softmax: y_i = exp(x_i - max x) / sum_j exp(x_j - max x), over the axis attributes.axes[0].
/// Shapes:   those of x          Units: logits -> probabilities
/// Errors:   attributes (not one axis), element, axes.
/// Gradient: y (dy - sum dy y)
/// Source:   Goodfellow et al. 2016, eq. 4.1; shifted by the maximum against overflow
const OpRule softmax_op{.arity = 1,
                        .formula = "exp(x) / sum exp(x) over the axis",
                        .infer = infer,
                        .backward = backward,
                        .space = space};

}  // namespace weft
