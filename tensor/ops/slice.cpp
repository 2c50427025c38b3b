#include "tensor/ops/build.h"

namespace weft {

namespace {

bool drops(const Attributes& attributes) {
  return !attributes.numbers.empty() && attributes.numbers[0] == 1;
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::slice, attributes.axes, 1);
  expect_on(graph, OpId::slice, inputs, 0, attributes.axes);
  if (attributes.extents.size() != 2 || (drops(attributes) && attributes.extents[1] != Extent(1))) {
    fail(ShapeError::Kind::attributes, OpId::slice, "an offset and a length (1 where the axis goes)",
         "others");
  }
  TensorType type = graph.type(inputs[0]);
  const Dim whole = *type.find(attributes.axes[0]);
  const Extent end = attributes.extents[0] + attributes.extents[1];
  const auto negative = [](const Extent& e) { return e.constant().value_or(0) < 0; };
  if (negative(attributes.extents[0]) || negative(attributes.extents[1]) || negative(whole.extent - end)) {
    const SymbolTable& symbols = graph.axes().symbols();
    fail(ShapeError::Kind::extents, OpId::slice, "positions of " + describe(graph, whole),
         symbols.describe(attributes.extents[0]) + " to " + symbols.describe(end), {}, 0);
  }
  if (drops(attributes)) return {type.element, without(type.dims, attributes.axes)};
  for (Dim& dim : type.dims) {
    if (dim.axis == whole.axis) dim.extent = attributes.extents[1];
  }
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  Attributes attributes{.axes = b.self().attributes.axes, .extents = {b.self().attributes.extents[0]}};
  attributes.type = b.graph.type(b.input(0));
  return {b.graph.emit(OpId::pad, {full(b)}, std::move(attributes))};
}

}  // namespace

/// slice: the positions offset .. offset + length - 1 of the axis attributes.axes[0]; attributes.extents =
///        {offset, length}. The axis keeps its name with the new extent, or is dropped where
///        attributes.numbers = {1} and the length is 1 (indexing).
/// Errors:   axes, attributes, extents (constant bounds past the axis).
/// Gradient: pad
const OpRule slice_op{
    .arity = 1, .formula = "a range of positions of an axis", .infer = infer, .backward = backward};

}  // namespace weft
