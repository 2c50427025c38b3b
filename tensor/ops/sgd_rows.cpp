#include "tensor/ops/table_rows.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_table_rows(graph, OpId::sgd_rows, inputs, attributes, 0, 1, 2);
  expect_real_scalars(graph, OpId::sgd_rows, inputs, 3);
  return graph.type(inputs[0]);
}

IterationSpace space(const Graph& graph, NodeId id) {
  return table_rows_space(graph, id, 1);
}

}  // namespace

/// sgd_rows: w[idx] := w[idx] - rate scale rows, row after row: a table of which few rows have a gradient is
///           not walked whole.
/// Shapes:   (w, idx [rows], rows [rows, elements], rate [], scale []) -> w's, written over w;
///           attributes.axes[0] is the axis idx looks up
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
const OpRule sgd_rows_op{.arity = 5,
                         .formula = "w := w - rate * scale * gradient, for the rows looked up",
                         .infer = infer,
                         .space = space,
                         .in_place = 0};

}  // namespace weft
