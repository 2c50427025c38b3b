#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::rmsprop, attributes, 2);
  return infer_update(OpId::rmsprop, graph, inputs, 1);
}

}  // namespace

/// rmsprop: g' = scale g; s := b s + (1 - b) g'^2; w := w - rate g' / (sqrt(s) + eps)
/// Shapes:   (w, s, g as w, rate [], scale []) -> w's, written over w and s.  attributes.numbers = {b, eps}
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Tieleman and Hinton 2012, lecture 6.5
const OpRule rmsprop_op{
    .arity = 5, .formula = "one step of RMSProp", .infer = infer, .in_place = 0, .state = 1};

}  // namespace weft
