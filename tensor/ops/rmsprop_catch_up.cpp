#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::rmsprop_catch_up, attributes, 2);
  return infer_catch_up(OpId::rmsprop_catch_up, graph, inputs, attributes);
}

}  // namespace

/// rmsprop_catch_up: the rows looked up, or all, as rmsprop would have them after the last step: what they
///                   have missed since rmsprop_rows let them lie is made up for, with a gradient of zero.
/// Shapes:   (w, s as w, last [V], rates [V], steps [], idx [rows] or nothing) -> w's, written over
///           w, s, last, rates and steps; attributes as rmsprop_rows has them
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   as rmsprop_rows
const OpRule rmsprop_catch_up_op{.arity = -1,
                                 .formula = "the steps of RMSProp that rows have missed",
                                 .infer = infer,
                                 .space = catch_up_space,
                                 .in_place = 0,
                                 .state = 4};

}  // namespace weft
