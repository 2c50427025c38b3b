#include "tensor/ops/table_rows.h"

#include "tensor/ops/update.h"

namespace weft {

void expect_table_rows(const Graph& graph, OpId id, Inputs inputs, const Attributes& attributes, int states,
                       int index, int rows) {
  const TensorType& table = graph.type(inputs[0]);
  expect_real(graph, id, inputs, 0);
  expect_axes(graph, id, attributes.axes, 1);
  expect_on(graph, id, inputs, 0, attributes.axes);
  expect_states(graph, id, inputs, states);
  if (index < 0) return;
  expect_index(graph, id, inputs, index, attributes.axes[0]);
  std::vector<Dim> dims = graph.type(inputs[static_cast<std::size_t>(index)]).dims;
  const std::vector<Dim> elements = without(table.dims, attributes.axes);
  dims.insert(dims.end(), elements.begin(), elements.end());
  expect_distinct(graph, id, dims);
  if (rows < 0) return;
  expect_real(graph, id, inputs, rows);
  expect_within(graph, id, inputs, rows, dims);
}

IterationSpace table_rows_space(const Graph& graph, NodeId id, int index) {
  const Node& node = graph[id];
  const TensorType& table = graph.type(node.inputs[0]);
  const std::vector<Dim> elements = without(table.dims, node.attributes.axes);
  IterationSpace space;
  if (index >= 0) space.dims = graph.type(node.inputs[static_cast<std::size_t>(index)]).dims;
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(elements.size()), 1};
  space.dims.insert(space.dims.end(), elements.begin(), elements.end());
  space.dims.push_back(*table.find(node.attributes.axes[0]));
  return space;
}

}  // namespace weft
