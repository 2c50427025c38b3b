#include "tensor/ops/table_rows.h"
#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::adagrad_rows;
  expect_numbers(kId, attributes, 1);
  expect_table_rows(graph, kId, inputs, attributes, 1, 2, 3);
  expect_real_scalars(graph, kId, inputs, 4);
  return graph.type(inputs[0]);
}

IterationSpace space(const Graph& graph, NodeId id) {
  return table_rows_space(graph, id, 2);
}

}  // namespace

/// adagrad_rows: adagrad for a table of which few rows have a gradient: s[idx] := s[idx] + g'^2, w[idx] :=
/// w[idx] - rate g' / (sqrt(s[idx]) + eps), g' = scale rows. A row without a gradient would stay as it is
/// anyway, so this is exactly adagrad with the whole gradient. An index that comes several times has the sum
/// of its rows at one of them and zeros at the others (merge_rows).
/// Shapes:   (w, s as w, idx [rows], rows [rows, elements], rate [], scale []) -> w's, written over w and s;
///           attributes.axes[0] is the axis idx looks up, attributes.numbers = {eps}
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Duchi, Hazan and Singer 2011, section 1.2, on sparse gradients
const OpRule adagrad_rows_op{.arity = 6,
                             .formula = "one step of AdaGrad, for the rows looked up",
                             .infer = infer,
                             .space = space,
                             .in_place = 0,
                             .state = 1};

}  // namespace weft
