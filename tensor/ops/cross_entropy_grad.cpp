#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::cross_entropy_grad;
  expect_axes(graph, kId, attributes.axes, 1);
  for (int i = 1; i < 4; ++i) expect_real(graph, kId, inputs, i);
  expect_on(graph, kId, inputs, 1, attributes.axes);
  expect_index(graph, kId, inputs, 0, attributes.axes[0]);
  std::vector<Dim> dims = graph.type(inputs[1]).dims;
  join_dims(graph, kId, dims, inputs, 2);
  expect_within(graph, kId, inputs, 0, dims);
  expect_within(graph, kId, inputs, 3, dims);
  return {{}, std::move(dims)};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// cross_entropy_grad: the gradient of cross_entropy to its logits, dx_j = dy (softmax(x)_j - p_j), where p
/// is the target as a distribution (smoothed or not); 0 where the target is ignored. The loss y gives log sum
/// exp(x) = y + sum_j p_j x_j without another pass of exponentials.
/// Shapes:   (target, logits, loss, dy) -> the logits' axes and those the loss has beside them;
///           attributes.axes[0] the classes, attributes.numbers as in cross_entropy
/// Errors:   as cross_entropy.
/// Gradient: refused
const OpRule cross_entropy_grad_op{.arity = 4,
                                   .formula = "the gradient of cross_entropy",
                                   .infer = infer,
                                   .backward = no_second_gradient,
                                   .space = space};

}  // namespace weft
