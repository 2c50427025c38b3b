#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::top_k;
  expect_axes(graph, kId, attributes.axes, 1);
  if (attributes.to.size() != 1 || attributes.extents.size() != 1) {
    fail(ShapeError::Kind::attributes, kId, "one axis for the positions, and its extent",
         std::to_string(attributes.to.size()) + " axes and " + std::to_string(attributes.extents.size()) +
             " extents");
  }
  infer_reduced(kId, graph, inputs, attributes);
  TensorType type;
  const Dim made{attributes.to[0], attributes.extents[0]};
  const Dim along = *graph.type(inputs[0]).find(attributes.axes[0]);
  if (const auto room = (along.extent - made.extent).constant(); room && *room < 0) {
    fail(ShapeError::Kind::extents, kId, "no more than " + describe(graph, along), describe(graph, made), {},
         0);
  }
  type.dims = graph.type(inputs[0]).dims;
  for (Dim& dim : type.dims) {
    if (dim.axis == along.axis) dim = made;
  }
  expect_distinct(graph, kId, type.dims);
  if (made.axis == along.axis) {
    fail(ShapeError::Kind::attributes, kId, "another axis than the one that is searched",
         graph.axes().name(made.axis));
  }
  type.element = {ElementKind::index, along.axis};
  return type;
}

/// {others, 1: the axis searched, 1: the axis of the positions}
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const TensorType& x = graph.type(node.inputs[0]);
  IterationSpace space{without(node.type.dims, node.attributes.to), {}};
  space.groups = {static_cast<int>(space.dims.size()), 1, 1};
  space.dims.push_back(*x.find(node.attributes.axes[0]));
  space.dims.push_back(*node.type.find(node.attributes.to[0]));
  return space;
}

}  // namespace

/// top_k: the positions along the axis attributes.axes[0] of the k largest x, the largest first; with
/// attributes.numbers[0] = 1 of the smallest, the smallest first. Of equals the first comes first; NaN counts
/// as larger than all numbers. `gather` at them gives the values, and so their gradient.
/// Shapes:   x -> x with attributes.to[0] of extent attributes.extents[0] in place of the axis; indices into
/// it Errors:   attributes, element, axes, duplicate_axis, extents (more than there are; where that shows
/// only
///           when extents are bound, the plan's).
/// Gradient: none           Cost: O(n log k) a row for small k, else O(n log n)
const OpRule top_k_op{
    .arity = 1, .formula = "the positions of the k largest x along the axis", .infer = infer, .space = space};

}  // namespace weft
