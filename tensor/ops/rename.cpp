#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::rename, attributes.axes, -1);
  TensorType type = graph.type(inputs[0]);
  const Element element = type.element;
  std::vector<AxisId> of_dims = attributes.axes;
  if (element.kind == ElementKind::index && !type.has(element.of)) std::erase(of_dims, element.of);
  expect_on(graph, OpId::rename, inputs, 0, of_dims);
  if (attributes.to.size() != attributes.axes.size()) {
    fail(ShapeError::Kind::attributes, OpId::rename, std::to_string(attributes.axes.size()) + " new axes",
         std::to_string(attributes.to.size()));
  }
  for (Dim& dim : type.dims) {
    for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
      if (attributes.axes[i] == dim.axis) {
        dim.axis = attributes.to[i];
        break;
      }
    }
  }
  for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
    if (element.kind == ElementKind::index && element.of == attributes.axes[i])
      type.element.of = attributes.to[i];
  }
  expect_distinct(graph, OpId::rename, type.dims);
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const Attributes& forward = b.self().attributes;
  Attributes back;
  for (std::size_t i = 0; i < forward.axes.size(); ++i) {
    if (!b.graph.type(b.dy).has(forward.to[i])) continue;
    back.axes.push_back(forward.to[i]);
    back.to.push_back(forward.axes[i]);
  }
  if (back.axes.empty()) return {b.dy};
  return {b.graph.emit(OpId::rename, {b.dy}, std::move(back))};
}

}  // namespace

/// rename: axis attributes.axes[i] becomes attributes.to[i], all at once (so two may change places);
/// indices of the axis become indices of the new one.
/// Shapes:   the same positions under other names; each new axis has the extent of the old.
/// Errors:   axes, attributes, duplicate_axis.
/// Gradient: renamed back
const OpRule rename_op{
    .arity = 1, .formula = "x with other names for its axes", .infer = infer, .backward = backward};

}  // namespace weft
