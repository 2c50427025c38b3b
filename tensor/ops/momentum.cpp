#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::momentum, attributes, 2);
  return infer_update(OpId::momentum, graph, inputs, 1);
}

}  // namespace

/// momentum: g' = scale g; u := mu u + g'; w := w - rate u, or with Nesterov's look ahead
///           w := w - rate (g' + mu u)
/// Shapes:   (w, u, g as w, rate [], scale []) -> w's, written over w and u.
///           attributes.numbers = {mu, 1 with the look ahead, else 0}
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Polyak 1964; Nesterov 1983 in the form of Sutskever et al. 2013, eq. 3 and 4, taken at the point
///           looked at, with the rate outside of u
const OpRule momentum_op{.arity = 5,
                         .formula = "one step of gradient descent with momentum",
                         .infer = infer,
                         .in_place = 0,
                         .state = 1};

}  // namespace weft
