#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::merge, attributes.axes, -1);
  expect_on(graph, OpId::merge, inputs, 0, attributes.axes);
  if (attributes.axes.size() < 2 || attributes.to.size() != 1) {
    fail(ShapeError::Kind::attributes, OpId::merge, "two or more axes that become one",
         std::to_string(attributes.axes.size()) + " that become " + std::to_string(attributes.to.size()));
  }
  const TensorType& x = graph.type(inputs[0]);
  Extent extent(1);
  for (AxisId axis : attributes.axes) extent = extent * x.find(axis)->extent;
  TensorType type{x.element, {}};
  bool placed = false;
  for (const Dim& dim : x.dims) {
    if (!contains(attributes.axes, dim.axis)) {
      type.dims.push_back(dim);
    } else if (!placed) {
      type.dims.push_back({attributes.to[0], extent});
      placed = true;
    }
  }
  expect_distinct(graph, OpId::merge, type.dims);
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const Attributes& forward = b.self().attributes;
  if (!b.graph.type(b.dy).has(forward.to[0])) return {b.dy};
  Attributes back{.axes = forward.to, .to = forward.axes};
  for (AxisId axis : forward.axes) back.extents.push_back(b.graph.type(b.input(0)).find(axis)->extent);
  return {b.graph.emit(OpId::split, {b.dy}, std::move(back))};
}

}  // namespace

/// merge: the axes attributes.axes (two or more, major to minor) become the one axis attributes.to[0], whose
///        extent is their product: position (i, j) becomes i n + j. It stands where the first of them stood.
/// Errors:   axes, attributes, duplicate_axis.
/// Gradient: split back
const OpRule merge_op{
    .arity = 1, .formula = "x with several axes joined to one", .infer = infer, .backward = backward};

}  // namespace weft
