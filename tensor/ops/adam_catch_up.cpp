#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_adam_numbers(OpId::adam_catch_up, attributes);
  return infer_catch_up(OpId::adam_catch_up, graph, inputs, attributes);
}

}  // namespace

/// adam_catch_up: the rows looked up, or all, as adam would have them after the last step: what they have
///                missed since adam_rows let them lie is made up for, with a gradient of zero.
/// Shapes:   (w, m and v as w, last [V], rates [V], steps [], idx [rows] or nothing) -> w's, written over
///           w, m, v, last, rates and steps; attributes as adam_rows has them
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   as adam_rows
const OpRule adam_catch_up_op{.arity = -1,
                              .formula = "the steps of Adam that rows have missed",
                              .infer = infer,
                              .space = catch_up_space,
                              .in_place = 0,
                              .state = 5};

}  // namespace weft
