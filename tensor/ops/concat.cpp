#include <algorithm>

#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<Dim> others(const Graph& graph, Inputs inputs, AxisId axis) {
  std::vector<Dim> dims;
  for (NodeId input : inputs) {
    for (const Dim& dim : without(graph.type(input).dims, {axis})) {
      if (!TensorType{{}, dims}.has(dim.axis)) dims.push_back(dim);
    }
  }
  return dims;
}

Extent length(const Graph& graph, NodeId input, AxisId axis) {
  const Dim* dim = graph.type(input).find(axis);
  return dim != nullptr ? dim->extent : Extent(1);
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::concat, attributes.axes, 1);
  const AxisId axis = attributes.axes[0];
  if (inputs.empty()) fail(ShapeError::Kind::attributes, OpId::concat, "an operand", "none");
  const Element& element = graph.type(inputs[0]).element;
  const std::vector<Dim> rest = others(graph, inputs, axis);
  Extent total;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const TensorType& type = graph.type(inputs[i]);
    if (type.element != element) {
      fail(ShapeError::Kind::element, OpId::concat,
           "elements of " + describe(graph.type(inputs[0]), graph.axes()), describe(type, graph.axes()), {},
           static_cast<int>(i));
    }
    for (const Dim& dim : rest) {
      const Dim* own = type.find(dim.axis);
      if (own != nullptr && own->extent != dim.extent) {
        fail(ShapeError::Kind::extents, OpId::concat, describe(graph, dim), describe(graph, *own), {},
             static_cast<int>(i));
      }
    }
    total = total + length(graph, inputs[i], axis);
  }
  // In the order of the first operand, whose other axes come first in `rest`.
  const std::vector<Dim>& first = graph.type(inputs[0]).dims;
  const auto place = std::ranges::find(first, axis, &Dim::axis);
  std::vector<Dim> dims = rest;
  dims.insert(dims.begin() + (place == first.end() ? 0 : place - first.begin()), {axis, total});
  if (same_axes(dims, attributes.type.dims)) dims = attributes.type.dims;
  return {element, std::move(dims)};
}

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const AxisId axis = b.self().attributes.axes[0];
  const NodeId dy = full(b);
  const std::vector<NodeId> inputs = b.self().inputs;
  std::vector<NodeId> cotangents;
  Extent offset;
  for (NodeId input : inputs) {
    const Extent own = length(b.graph, input, axis);
    cotangents.push_back(g.slice(dy, axis, offset, own, !b.graph.type(input).has(axis)));
    offset = offset + own;
  }
  return cotangents;
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return axis_last(node.type.dims, *node.type.find(node.attributes.axes[0]));
}

}  // namespace

/// concat: the operands one after the other along the axis attributes.axes[0]. An operand that lacks the axis
///         counts as one position of it; other axes are broadcast by name.
/// Shapes:   the axis' extent is the sum of the operands'. Physical order: that of attributes.type where it
///           holds the same axes, else the operands', with the axis where the first of them has it, in front
///           where it has not.
/// Errors:   element, extents, axes (no operand, or none has the axis and there is but one).
/// Gradient: slices of dy
const OpRule concat_op{.arity = -1,
                       .formula = "the operands one after the other along the axis",
                       .infer = infer,
                       .backward = backward,
                       .space = space};

}  // namespace weft
