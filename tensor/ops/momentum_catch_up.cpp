#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::momentum_catch_up, attributes, 2);
  return infer_catch_up(OpId::momentum_catch_up, graph, inputs, attributes);
}

}  // namespace

/// momentum_catch_up: the rows looked up, or all, as momentum would have them after the last step: what they
///                    have missed since momentum_rows let them lie is made up for, with a gradient of zero.
/// Shapes:   (w, u as w, last [V], rates [V], steps [], idx [rows] or nothing) -> w's, written over
///           w, u, last, rates and steps; attributes as momentum_rows has them
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   as momentum_rows
const OpRule momentum_catch_up_op{
    .arity = -1,
    .formula = "the steps of gradient descent with momentum that rows have missed",
    .infer = infer,
    .space = catch_up_space,
    .in_place = 0,
    .state = 4};

}  // namespace weft
