#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const TensorType& table = attributes.type;
  expect_axes(graph, OpId::scatter_add, attributes.axes, -1);
  expect_distinct(graph, OpId::scatter_add, table.dims);
  if (attributes.axes.empty() || inputs.size() != attributes.axes.size() + 1) {
    fail(ShapeError::Kind::attributes, OpId::scatter_add, "axes, an index for each, and values",
         std::to_string(inputs.size()) + " operands for " + std::to_string(attributes.axes.size()) + " axes");
  }
  std::vector<Dim> dims;
  for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
    if (!table.has(attributes.axes[i])) {
      fail(ShapeError::Kind::axes, OpId::scatter_add, "an axis of " + describe(table, graph.axes()),
           graph.axes().name(attributes.axes[i]));
    }
    expect_index(graph, OpId::scatter_add, inputs, static_cast<int>(i), attributes.axes[i]);
    join_dims(graph, OpId::scatter_add, dims, inputs, static_cast<int>(i));
  }
  const int values = static_cast<int>(attributes.axes.size());
  expect_real(graph, OpId::scatter_add, inputs, values);
  for (const Dim& dim : without(table.dims, attributes.axes)) {
    if (!TensorType{{}, dims}.has(dim.axis)) dims.push_back(dim);
  }
  expect_within(graph, OpId::scatter_add, inputs, values, dims);
  return table;
}

std::vector<NodeId> backward(Backward& b) {
  std::vector<NodeId> inputs(b.self().inputs.begin(), b.self().inputs.end() - 1);
  std::vector<NodeId> cotangents(inputs.size() + 1, kNoNode);
  inputs.insert(inputs.begin(), full(b));
  Attributes attributes{.axes = b.self().attributes.axes};
  cotangents.back() = b.graph.emit(OpId::gather, std::move(inputs), std::move(attributes));
  return cotangents;
}

/// The axes of dy, those only indices have, and the table's that are looked up.
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  std::vector<Dim> dims;
  for (int i = static_cast<int>(node.inputs.size()) - 1; i >= 0; --i) {
    join_dims(graph, OpId::scatter_add, dims, node.inputs, i);
  }
  for (const Dim& dim : without(node.type.dims, node.attributes.axes)) {
    if (!TensorType{{}, dims}.has(dim.axis)) dims.push_back(dim);
  }
  return table_space(std::move(dims), node.type, node.attributes.axes);
}

}  // namespace

/// scatter_add: the gradient of gather: a table of zeros to which dy is added at (idx_1, .., idx_g), in the
/// order of the rows.
/// Shapes:   (idx_1, .., idx_g, dy) -> attributes.type, the table's; attributes.axes are those looked up
/// Errors:   attributes, element, axes, extents
/// Gradient: to dy gather
/// Units:    an index outside its axis adds nothing, as gather finds 0 there
const OpRule scatter_add_op{.arity = -1,
                            .formula = "values added into a table of zeros at indices",
                            .infer = infer,
                            .backward = backward,
                            .space = space};

}  // namespace weft
