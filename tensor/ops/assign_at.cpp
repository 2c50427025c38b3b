#include "tensor/ops/common.h"

namespace weft {

namespace {

/// The rows: the indices' axes in the order they are met, then the table's other axes.
std::vector<Dim> rows_of(const Graph& graph, Inputs inputs, const Axes& axes) {
  std::vector<Dim> dims;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    join_dims(graph, OpId::assign_at, dims, inputs, static_cast<int>(i) + 1);
  }
  for (const Dim& dim : without(graph.type(inputs[0]).dims, axes)) {
    const Dim* shared = TensorType{{}, dims}.find(dim.axis);
    if (shared == nullptr) {
      dims.push_back(dim);
    } else if (shared->extent != dim.extent) {
      fail(ShapeError::Kind::extents, OpId::assign_at, describe(graph, dim), describe(graph, *shared), {}, 1);
    }
  }
  return dims;
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::assign_at;
  expect_axes(graph, kId, attributes.axes, -1);
  if (attributes.axes.empty() || inputs.size() != attributes.axes.size() + 2) {
    fail(ShapeError::Kind::attributes, kId, "a table, axes, an index for each, and a value",
         std::to_string(inputs.size()) + " operands for " + std::to_string(attributes.axes.size()) + " axes");
  }
  expect_on(graph, kId, inputs, 0, attributes.axes);
  for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
    expect_index(graph, kId, inputs, static_cast<int>(i) + 1, attributes.axes[i]);
  }
  const std::vector<Dim> dims = rows_of(graph, inputs, attributes.axes);
  for (const Dim& dim : dims) {
    if (!contains(attributes.axes, dim.axis)) continue;
    const std::string name = graph.axes().name(dim.axis);
    fail(ShapeError::Kind::duplicate_axis, kId, "indices without the axis they look up", name,
         "use rename[" + name + " -> " + name + "'] on the index");
  }
  const TensorType& table = graph.type(inputs[0]);
  const int value = static_cast<int>(inputs.size()) - 1;
  if (graph.type(inputs.back()).element != table.element) {
    fail(ShapeError::Kind::element, kId, "elements of " + describe(table, graph.axes()),
         describe(graph.type(inputs.back()), graph.axes()), {}, value);
  }
  expect_within(graph, kId, inputs, value, dims);
  return table;
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return table_space(rows_of(graph, node.inputs, node.attributes.axes), node.type, node.attributes.axes);
}

}  // namespace

/// assign_at: table[idx_1, .., idx_g] := value: what `gather` reads at these indices is written. The other
/// elements stay.
///
///     graph.emit(OpId::assign_at, {table, idx_1, .., idx_g, value}, {.axes = {axis_1, .., axis_g}})
///
/// gives the table as it is afterwards; the node belongs among the plan's effects, and the table must be an
/// input of the graph (a parameter, state) or what an earlier update of it gave.
/// Shapes:   (table, idx_1, .., idx_g, value) -> the table's. Indices are scalars or have axes of their own;
/// an
///           axis that an index shares with the rest of the table is matched, position by position. The value
///           has the indices' axes and the table's others, or is repeated along those it lacks.
/// Units:    of positions that write one place the last wins, row-major over the indices' axes in the order
///           they are met; an index outside its axis writes nothing, as gather reads 0 there.
/// Errors:   attributes, element, axes, extents, duplicate_axis.
/// Gradient: none
const OpRule assign_at_op{
    .arity = -1, .formula = "table[index, ..] := value", .infer = infer, .space = space, .in_place = 0};

}  // namespace weft
