#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::momentum_rows, attributes, 2);
  return infer_lazy_rows(OpId::momentum_rows, graph, inputs, attributes);
}

}  // namespace

/// momentum_rows: momentum for a table of which few rows have a gradient. It moves the others too, by what u
///                remembers; they are let lie until they are wanted, and become what momentum makes of them,
///                bit for bit.
/// Shapes:   (w, u as w, last [V], rates [V], steps [], idx [rows], rows [rows, elements], rate [],
///           scale []) -> w's, written over w, u, last, rates and steps; attributes.axes[0] is V,
///           attributes.numbers as momentum's. What last, rates and steps are: tensor/ops/lazy_rows.h
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Polyak 1964; Sutskever et al. 2013; rows that wait: tensor/ops/lazy_rows.h
const OpRule momentum_rows_op{.arity = 9,
                              .formula = "one step of gradient descent with momentum, for the rows looked up",
                              .infer = infer,
                              .space = lazy_rows_space,
                              .in_place = 0,
                              .state = 4};

}  // namespace weft
