#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::split, attributes.axes, 1);
  expect_on(graph, OpId::split, inputs, 0, attributes.axes);
  if (attributes.to.empty() || attributes.to.size() != attributes.extents.size()) {
    fail(ShapeError::Kind::attributes, OpId::split, "an extent for each new axis",
         std::to_string(attributes.extents.size()) + " for " + std::to_string(attributes.to.size()));
  }
  const Dim whole = *graph.type(inputs[0]).find(attributes.axes[0]);
  Extent product(1);
  for (const Extent& extent : attributes.extents) product = product * extent;
  if (product != whole.extent) {
    fail(ShapeError::Kind::extents, OpId::split, "parts whose product is " + describe(graph, whole),
         graph.axes().symbols().describe(product), {}, 0);
  }
  TensorType type{graph.type(inputs[0]).element, {}};
  for (const Dim& dim : graph.type(inputs[0]).dims) {
    if (dim.axis != whole.axis) {
      type.dims.push_back(dim);
      continue;
    }
    for (std::size_t i = 0; i < attributes.to.size(); ++i) {
      type.dims.push_back({attributes.to[i], attributes.extents[i]});
    }
  }
  expect_distinct(graph, OpId::split, type.dims);
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const Attributes forward = b.self().attributes;
  TensorType parts = b.graph.type(b.dy);
  bool any = false;
  for (std::size_t i = 0; i < forward.to.size(); ++i) {
    if (parts.has(forward.to[i])) {
      any = true;
    } else {
      parts.dims.push_back({forward.to[i], forward.extents[i]});
    }
  }
  if (!any) return {b.dy};
  const NodeId dy = Build{b.graph}.spread(b.dy, parts);
  if (forward.to.size() == 1)
    return {b.graph.emit(OpId::rename, {dy}, {.axes = forward.to, .to = forward.axes})};
  return {b.graph.emit(OpId::merge, {dy}, {.axes = forward.to, .to = forward.axes})};
}

}  // namespace

/// split: the axis attributes.axes[0] becomes the axes attributes.to (major to minor) with
/// attributes.extents, whose product is its extent: position i n + j becomes (i, j). They stand in its place.
/// Errors:   axes, attributes, extents, duplicate_axis.
/// Gradient: merged back
const OpRule split_op{
    .arity = 1, .formula = "x with one axis parted into several", .infer = infer, .backward = backward};

}  // namespace weft
