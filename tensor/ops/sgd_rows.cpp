#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::sgd_rows;
  for (int i : {0, 2, 3, 4}) expect_real(graph, kId, inputs, i);
  expect_axes(graph, kId, attributes.axes, 1);
  expect_on(graph, kId, inputs, 0, attributes.axes);
  expect_index(graph, kId, inputs, 1, attributes.axes[0]);
  std::vector<Dim> dims = graph.type(inputs[1]).dims;
  const std::vector<Dim> elements = without(graph.type(inputs[0]).dims, attributes.axes);
  dims.insert(dims.end(), elements.begin(), elements.end());
  expect_distinct(graph, kId, dims);
  expect_within(graph, kId, inputs, 2, dims);
  expect_scalar(graph, kId, inputs, 3);
  expect_scalar(graph, kId, inputs, 4);
  return graph.type(inputs[0]);
}

/// {rows, elements of a row, the table's axis}.
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const TensorType& table = graph.type(node.inputs[0]);
  const std::vector<Dim> elements = without(table.dims, node.attributes.axes);
  IterationSpace space{graph.type(node.inputs[1]).dims, {}};
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(elements.size()), 1};
  space.dims.insert(space.dims.end(), elements.begin(), elements.end());
  space.dims.push_back(*table.find(node.attributes.axes[0]));
  return space;
}

}  // namespace

/// sgd_rows: w[idx] := w[idx] - rate scale rows, row after row: a table of which few rows have a gradient is
/// not walked whole. Shapes:   (w, idx [rows], rows [rows, elements], rate [], scale []) -> w's;
/// attributes.axes[0] is the axis idx looks up. Errors:   attributes, element, axes, extents. Gradient: none
const OpRule sgd_rows_op{.arity = 5,
                         .formula = "w := w - rate * scale * gradient, for the rows looked up",
                         .infer = infer,
                         .space = space,
                         .in_place = 0};

}  // namespace weft
