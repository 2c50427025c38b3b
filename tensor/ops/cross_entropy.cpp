#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::cross_entropy;
  expect_axes(graph, kId, attributes.axes, 1);
  expect_real(graph, kId, inputs, 1);
  expect_on(graph, kId, inputs, 1, attributes.axes);
  expect_index(graph, kId, inputs, 0, attributes.axes[0]);
  if (graph.type(inputs[0]).has(attributes.axes[0])) {
    fail(ShapeError::Kind::axes, kId, "a target without the axis " + graph.axes().name(attributes.axes[0]),
         describe(graph.type(inputs[0]), graph.axes()), {}, 0);
  }
  const std::vector<double>& numbers = attributes.numbers;
  if (!numbers.empty() && !(numbers.size() == 3 && numbers[0] >= 0 && numbers[0] < 1)) {
    fail(ShapeError::Kind::attributes, kId,
         "a smoothing of at least 0 and less than 1, whether a target is ignored, and which",
         std::to_string(numbers.size()) + " numbers, " + std::to_string(numbers[0]));
  }
  std::vector<Dim> dims = graph.type(inputs[1]).dims;
  join_dims(graph, kId, dims, inputs, 0);
  return {{}, without(dims, attributes.axes)};
}

std::vector<NodeId> backward(Backward& b) {
  Attributes attributes{.axes = b.self().attributes.axes, .numbers = b.self().attributes.numbers};
  return {kNoNode, b.graph.emit(OpId::cross_entropy_grad, {b.input(0), b.input(1), b.node, b.dy},
                                std::move(attributes))};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *graph.type(node.inputs[1]).find(node.attributes.axes[0]));
}

}  // namespace

/// cross_entropy: y = log sum_j exp(x_j) - x_t: the surprise at class t of a distribution given by logits.
///                With smoothing s the target is (1 - s) at t and s / n more at each of the n classes, and y
///                = log sum_j exp(x_j) - (1 - s) x_t - s mean_j x_j. A target that is ignored has the loss 0
///                and no gradient, whatever its logits; one that is no class NaN.
/// Shapes:   (target [..], logits [.., C]) -> [..], C = attributes.axes[0]; the target's axes may be fewer or
///           more; attributes.numbers: none, or {s, 1 where a target is ignored, which}
/// Units:    nats
/// Errors:   attributes (not one axis, s < 0 or s >= 1), element (the target is no index into C), axes,
///           extents.
/// Gradient: to the logits cross_entropy_grad
/// Source:   Goodfellow et al. 2016, eq. 6.30; smoothing: Szegedy et al. 2016, section 7
const OpRule cross_entropy_op{.arity = 2,
                              .formula = "log sum exp(logits) - logits at the target, over the axis",
                              .infer = infer,
                              .backward = backward,
                              .space = space};

}  // namespace weft
