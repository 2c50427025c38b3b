#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_adam_numbers(OpId::adam, attributes);
  return infer_update(OpId::adam, graph, inputs, 2);
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
