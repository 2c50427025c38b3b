#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_adam_numbers(OpId::adam_rows, attributes);
  return infer_lazy_rows(OpId::adam_rows, graph, inputs, attributes);
}

}  // namespace

/// adam_rows: adam for a table of which few rows have a gradient. Adam moves the others too, by what m
///            remembers; they are let lie until they are wanted, and become what adam makes of them, bit for
///            bit.
/// Shapes:   (w, m and v as w, last [V], rates [V], steps [], idx [rows], rows [rows, elements], rate [],
///           scale []) -> w's, written over w, m, v, last, rates and steps; attributes.axes[0] is V,
///           attributes.numbers as adam's. What last, rates and steps are: tensor/ops/lazy_rows.h
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Kingma and Ba 2015, algorithm 1; rows that wait: tensor/ops/lazy_rows.h
const OpRule adam_rows_op{.arity = 10,
                          .formula = "one step of Adam, for the rows looked up",
                          .infer = infer,
                          .space = lazy_rows_space,
                          .in_place = 0,
                          .state = 5};

}  // namespace weft
