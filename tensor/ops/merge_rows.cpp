#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const Element& element = graph.type(inputs[0]).element;
  if (element.kind != ElementKind::index && element.kind != ElementKind::integer) {
    fail(ShapeError::Kind::element, OpId::merge_rows, "indices",
         describe(graph.type(inputs[0]), graph.axes()), {}, 0);
  }
  expect_real(graph, OpId::merge_rows, inputs, 1);
  expect_axes(graph, OpId::merge_rows, attributes.axes, -1);
  expect_on(graph, OpId::merge_rows, inputs, 1, attributes.axes);
  expect_within(graph, OpId::merge_rows, inputs, 0, without(graph.type(inputs[1]).dims, attributes.axes));
  return graph.type(inputs[1]);
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  IterationSpace space{without(node.type.dims, node.attributes.axes), {}};
  const std::vector<Dim> elements = only(node.type.dims, node.attributes.axes);
  space.groups = {static_cast<int>(space.dims.size()), static_cast<int>(elements.size())};
  space.dims.insert(space.dims.end(), elements.begin(), elements.end());
  return space;
}

}  // namespace

/// merge_rows: rows of dy that belong to one index made one, as an optimizer that works on rows needs them:
///             the first row of each index holds the sum of all rows with it, the others are 0.
/// Shapes:   (idx [rows], dy [rows, elements]) -> as dy; attributes.axes are the elements' axes
/// Errors:   element, axes, extents.
/// Gradient: refused
const OpRule merge_rows_op{.arity = 2,
                           .formula = "rows of one index summed into the first of them",
                           .infer = infer,
                           .backward = no_second_gradient,
                           .space = space};

}  // namespace weft
