#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::log_softmax, attributes.axes, 1);
  infer_reduced(OpId::log_softmax, graph, inputs, attributes);
  return graph.type(inputs[0]);
}

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const Axes axes = b.self().attributes.axes;
  const NodeId dy = full(b);
  return {g.sub(dy, g.mul(g.unary(OpId::exp, b.node), g.sum(dy, axes)))};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// log_softmax: y_i = x_i - max x - log sum_j exp(x_j - max x), over the axis attributes.axes[0].
/// Shapes:   those of x          Units: logits -> log probabilities
/// Errors:   attributes (not one axis), element, axes.
/// Gradient: dy - exp(y) sum dy
/// Source:   Goodfellow et al. 2016, eq. 6.30
const OpRule log_softmax_op{.arity = 1,
                            .formula = "x - log sum exp(x) over the axis",
                            .infer = infer,
                            .backward = backward,
                            .space = space};

}  // namespace weft
