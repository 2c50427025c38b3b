#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::adam;
  if (attributes.numbers.size() != 4 && attributes.numbers.size() != 5) {
    fail(ShapeError::Kind::attributes, kId, "beta1, beta2, epsilon, decay and perhaps l2",
         std::to_string(attributes.numbers.size()) + " numbers");
  }
  const std::vector<Dim>& dims = graph.type(inputs[0]).dims;
  for (int i = 0; i < 7; ++i) expect_real(graph, kId, inputs, i);
  for (int i = 1; i < 4; ++i) expect_within(graph, kId, inputs, i, dims);
  for (int i = 1; i < 3; ++i) {
    if (graph.type(inputs[static_cast<std::size_t>(i)]).dims.size() == dims.size()) continue;
    fail(ShapeError::Kind::axes, kId, "moments of " + describe(graph.type(inputs[0]), graph.axes()),
         describe(graph.type(inputs[static_cast<std::size_t>(i)]), graph.axes()), {}, i);
  }
  for (int i = 4; i < 7; ++i) expect_scalar(graph, kId, inputs, i);
  return graph.type(inputs[0]);
}

}  // namespace

/// adam: g' = scale g + l2 w; m := b1 m + (1 - b1) g'; v := b2 v + (1 - b2) g'^2;
///       w := w - rate (m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps) + decay w)
/// Shapes:   (w, m, v, g as w, rate [], scale [], step t []) -> w's, written over w, m and v.
///           attributes.numbers = {b1, b2, eps, decay, l2}, the last 0 where it is left out; t counts from 1.
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2, whose AdamW has decay
///           and whose Adam with L2 regularization has l2
const OpRule adam_op{.arity = 7, .formula = "one step of Adam", .infer = infer, .in_place = 0, .state = 2};

}  // namespace weft
