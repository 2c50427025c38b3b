#include "tensor/ops/lazy_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_numbers(OpId::rmsprop_rows, attributes, 2);
  return infer_lazy_rows(OpId::rmsprop_rows, graph, inputs, attributes);
}

}  // namespace

/// rmsprop_rows: rmsprop for a table of which few rows have a gradient. The others' s fades too; they are
///               let lie until they are wanted, and become what rmsprop makes of them, bit for bit.
/// Shapes:   (w, s as w, last [V], rates [V], steps [], idx [rows], rows [rows, elements], rate [],
///           scale []) -> w's, written over w, s, last, rates and steps; attributes.axes[0] is V,
///           attributes.numbers as rmsprop's. What last, rates and steps are: tensor/ops/lazy_rows.h
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Tieleman and Hinton 2012, lecture 6.5; rows that wait: tensor/ops/lazy_rows.h
const OpRule rmsprop_rows_op{.arity = 9,
                             .formula = "one step of RMSProp, for the rows looked up",
                             .infer = infer,
                             .space = lazy_rows_space,
                             .in_place = 0,
                             .state = 4};

}  // namespace weft
