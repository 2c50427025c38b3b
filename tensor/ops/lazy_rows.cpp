#include "tensor/ops/lazy_rows.h"

#include <algorithm>

namespace weft {

namespace {

/// The operands that are written: w, its states, last, rates, steps.
int written(OpId id) {
  return op(id).state + 1;
}

/// `index` and `rows` as expect_table_rows has them.
TensorType infer_written(OpId id, const Graph& graph, Inputs inputs, const Attributes& attributes, int index,
                         int rows) {
  const int last = written(id) - 3, rates = last + 1, steps = last + 2;
  expect_table_rows(graph, id, inputs, attributes, last - 1, index, rows);
  const std::vector<Dim> axis = only(graph.type(inputs[0]).dims, attributes.axes);
  expect_element(graph, id, inputs, last, ElementKind::integer);
  expect_real(graph, id, inputs, rates);
  for (int i : {last, rates}) {
    expect_within(graph, id, inputs, i, axis);
    const TensorType& type = graph.type(inputs[static_cast<std::size_t>(i)]);
    if (type.dims.size() == 1) continue;
    fail(ShapeError::Kind::axes, id,
         "a number for each row of " + describe(graph.type(inputs[0]), graph.axes()),
         describe(type, graph.axes()), {}, i);
  }
  expect_element(graph, id, inputs, steps, ElementKind::integer);
  expect_scalar(graph, id, inputs, steps);
  return graph.type(inputs[0]);
}

/// The operand that has the indices, -1 where all rows are meant.
int index_of(OpId id, std::size_t operands) {
  return static_cast<int>(operands) == written(id) ? -1 : written(id);
}

}  // namespace

TensorType infer_lazy_rows(OpId id, const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const int index = written(id);
  infer_written(id, graph, inputs, attributes, index, index + 1);
  expect_real_scalars(graph, id, inputs, index + 2);
  return graph.type(inputs[0]);
}

TensorType infer_catch_up(OpId id, const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const int all = written(id), count = static_cast<int>(inputs.size());
  if (count != all && count != all + 1)
    fail(ShapeError::Kind::attributes, id,
         std::to_string(all) + " or " + std::to_string(all + 1) + " operands", std::to_string(count));
  return infer_written(id, graph, inputs, attributes, index_of(id, inputs.size()), -1);
}

IterationSpace lazy_rows_space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const auto index = static_cast<std::size_t>(written(node.op));
  IterationSpace space = table_rows_space(graph, id, static_cast<int>(index));
  const std::vector<Dim> rows =
      only(graph.type(node.inputs[index + 1]).dims, axes_of(graph.type(node.inputs[index])));
  if (rows.size() == static_cast<std::size_t>(space.groups[0])) std::ranges::copy(rows, space.dims.begin());
  return space;
}

IterationSpace catch_up_space(const Graph& graph, NodeId id) {
  return table_rows_space(graph, id, index_of(graph[id].op, graph[id].inputs.size()));
}

}  // namespace weft
