#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::adagrad, attributes, 1);
  return infer_update(OpId::adagrad, graph, inputs, 1);
}

}  // namespace

/// adagrad: g' = scale g; s := s + g'^2; w := w - rate g' / (sqrt(s) + eps)
/// Shapes:   (w, s, g as w, rate [], scale []) -> w's, written over w and s.  attributes.numbers = {eps}
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Duchi, Hazan and Singer 2011, with the diagonal matrix
const OpRule adagrad_op{
    .arity = 5, .formula = "one step of AdaGrad", .infer = infer, .in_place = 0, .state = 1};

}  // namespace weft
