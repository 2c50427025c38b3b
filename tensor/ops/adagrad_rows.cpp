#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::adagrad_rows;
  if (attributes.numbers.size() != 1) {
    fail(ShapeError::Kind::attributes, kId, "1 number", std::to_string(attributes.numbers.size()));
  }
  for (int i : {0, 1, 3, 4, 5}) expect_real(graph, kId, inputs, i);
  expect_axes(graph, kId, attributes.axes, 1);
  expect_on(graph, kId, inputs, 0, attributes.axes);
  expect_within(graph, kId, inputs, 1, graph.type(inputs[0]).dims);
  if (graph.type(inputs[1]).dims.size() != graph.type(inputs[0]).dims.size()) {
    fail(ShapeError::Kind::axes, kId, "state of " + describe(graph.type(inputs[0]), graph.axes()),
         describe(graph.type(inputs[1]), graph.axes()), {}, 1);
  }
  expect_index(graph, kId, inputs, 2, attributes.axes[0]);
  std::vector<Dim> dims = graph.type(inputs[2]).dims;
  const std::vector<Dim> elements = without(graph.type(inputs[0]).dims, attributes.axes);
  dims.insert(dims.end(), elements.begin(), elements.end());
  expect_distinct(graph, kId, dims);
  expect_within(graph, kId, inputs, 3, dims);
  expect_scalar(graph, kId, inputs, 4);
  expect_scalar(graph, kId, inputs, 5);
  return graph.type(inputs[0]);
}

/// {rows, elements of a row, the table's axis}.
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const TensorType& table = graph.type(node.inputs[0]);
  const std::vector<Dim> elements = without(table.dims, node.attributes.axes);
  IterationSpace space{graph.type(node.inputs[2]).dims, {}};
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(elements.size()), 1};
  space.dims.insert(space.dims.end(), elements.begin(), elements.end());
  space.dims.push_back(*table.find(node.attributes.axes[0]));
  return space;
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
