#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::gather, attributes.axes, -1);
  if (attributes.axes.empty() || inputs.size() != attributes.axes.size() + 1) {
    fail(ShapeError::Kind::attributes, OpId::gather, "a table, axes and an index for each",
         std::to_string(inputs.size()) + " operands for " + std::to_string(attributes.axes.size()) + " axes");
  }
  expect_on(graph, OpId::gather, inputs, 0, attributes.axes);
  TensorType type{graph.type(inputs[0]).element, {}};
  for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
    const int operand = static_cast<int>(i) + 1;
    expect_index(graph, OpId::gather, inputs, operand, attributes.axes[i]);
    join_dims(graph, OpId::gather, type.dims, inputs, operand);
  }
  for (const Dim& dim : type.dims) {
    if (!contains(attributes.axes, dim.axis)) continue;
    const std::string name = graph.axes().name(dim.axis);
    fail(ShapeError::Kind::duplicate_axis, OpId::gather, "indices without the axis they look up", name,
         "use rename[" + name + " -> " + name + "'] on the index");
  }
  const std::vector<Dim> rest = without(graph.type(inputs[0]).dims, attributes.axes);
  for (const Dim& dim : rest) {
    const Dim* shared = type.find(dim.axis);
    if (shared == nullptr) {
      type.dims.push_back(dim);
    } else if (shared->extent != dim.extent) {
      fail(ShapeError::Kind::extents, OpId::gather, describe(graph, dim), describe(graph, *shared), {}, 1);
    }
  }
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  std::vector<NodeId> cotangents(b.self().inputs.size(), kNoNode);
  std::vector<NodeId> inputs(b.self().inputs.begin() + 1, b.self().inputs.end());
  Attributes attributes{.axes = b.self().attributes.axes};
  attributes.type = b.graph.type(b.input(0));
  inputs.push_back(full(b));
  cotangents[0] = b.graph.emit(OpId::scatter_add, std::move(inputs), std::move(attributes));
  return cotangents;
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return table_space(node.type.dims, graph.type(node.inputs[0]), node.attributes.axes);
}

}  // namespace

/// gather: y = table[idx_1, .., idx_g], looked up along the axes attributes.axes.
/// Shapes:   (table, idx_1, .., idx_g): the indices' axes in the order they are met, then the table's other
///           axes. Axes that the indices and the rest of the table share are matched, position by position.
/// Errors:   attributes, element (idx_j gives no positions on its axis), axes, extents, duplicate_axis.
/// Gradient: to the table scatter_add of dy
/// Units:    an index outside its axis finds 0; one that is written as a number is refused when planned
const OpRule gather_op{.arity = -1,
                       .formula = "the elements of a table at indices",
                       .infer = infer,
                       .backward = backward,
                       .space = space};

}  // namespace weft
