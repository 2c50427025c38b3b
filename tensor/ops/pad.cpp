#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_real(graph, OpId::pad, inputs, 0);
  expect_axes(graph, OpId::pad, attributes.axes, 1);
  expect_distinct(graph, OpId::pad, attributes.type.dims);
  const AxisId axis = attributes.axes[0];
  const Dim* whole = attributes.type.find(axis);
  if (whole == nullptr || attributes.extents.empty()) {
    fail(ShapeError::Kind::attributes, OpId::pad, "an axis of the result and an offset",
         graph.axes().name(axis));
  }
  const TensorType& x = graph.type(inputs[0]);
  std::vector<Dim> target = attributes.type.dims;
  for (Dim& dim : target) {
    if (dim.axis == axis) dim.extent = x.has(axis) ? x.find(axis)->extent : Extent(1);
  }
  expect_within(graph, OpId::pad, inputs, 0, target);
  const Extent length = x.has(axis) ? x.find(axis)->extent : Extent(1);
  if ((whole->extent - attributes.extents[0] - length).constant().value_or(0) < 0) {
    fail(ShapeError::Kind::extents, OpId::pad, "positions of " + describe(graph, *whole),
         graph.axes().symbols().describe(attributes.extents[0] + length), {}, 0);
  }
  return attributes.type;
}

std::vector<NodeId> backward(Backward& b) {
  const AxisId axis = b.self().attributes.axes[0];
  const Extent offset = b.self().attributes.extents[0];
  const Dim* own = b.graph.type(b.input(0)).find(axis);
  const Extent length = own != nullptr ? own->extent : Extent(1);
  return {Build{b.graph}.slice(full(b), axis, offset, length, own == nullptr)};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// pad: the inverse of slice: x at the positions from attributes.extents[0] on of the axis
/// attributes.axes[0], attributes.numbers[1] (0 where there is none) at the others. Where x lacks the axis it
/// is one position of it.
/// Shapes:   -> attributes.type; x's other axes are among its.  Errors: axes, extents, attributes.
/// Gradient: slice
const OpRule pad_op{.arity = 1,
                    .formula = "x among zeros along the axis",
                    .infer = infer,
                    .backward = backward,
                    .space = space};

}  // namespace weft
