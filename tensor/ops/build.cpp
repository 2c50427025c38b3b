#include "tensor/ops/build.h"

namespace weft {

std::optional<double> Build::value(NodeId id) const {
  const Node& node = graph[id];
  if (node.op != OpId::constant || node.type != TensorType{}) return std::nullopt;
  return node.attributes.numbers[0];
}

NodeId Build::mul(NodeId a, NodeId b) const {
  const auto x = value(a);
  const auto y = value(b);
  if (x && y) return scalar(*x * *y);
  if (x && *x == 1) return b;
  if (y && *y == 1) return a;
  return graph.emit(OpId::mul, {a, b});
}

NodeId Build::neg(NodeId x) const {
  if (const auto v = value(x)) return scalar(-*v);
  return graph.emit(OpId::neg, {x});
}

NodeId Build::real(NodeId condition) const {
  Attributes attributes;
  attributes.type.element = {};
  return graph.emit(OpId::cast, {condition}, std::move(attributes));
}

NodeId Build::sum(NodeId x, const Axes& axes) const {
  Axes present;
  for (AxisId axis : axes) {
    if (graph.type(x).has(axis)) present.push_back(axis);
  }
  if (present.empty()) return x;
  return graph.emit(OpId::sum, {x}, {.axes = std::move(present)});
}

NodeId Build::dot(NodeId a, NodeId b, const Axes& axes) const {
  if (axes.empty()) return mul(a, b);
  return graph.emit(OpId::dot, {a, b}, {.axes = axes});
}

NodeId Build::count(const std::vector<Dim>& dims) const {
  Extent product(1);
  for (const Dim& dim : dims) product = product * dim.extent;
  if (const auto n = product.constant()) return scalar(static_cast<double>(*n));
  return graph.emit(OpId::extent, {}, {.extents = {product}});
}

NodeId Build::slice(NodeId x, AxisId axis, const Extent& offset, const Extent& length, bool drop) const {
  Attributes attributes{.axes = {axis}, .extents = {offset, length}};
  if (drop) attributes.numbers = {1};
  return graph.emit(OpId::slice, {x}, std::move(attributes));
}

NodeId Build::spread(NodeId x, const TensorType& type) const {
  for (const Dim& dim : type.dims) {
    if (!graph.type(x).has(dim.axis)) return arrange(x, type);
  }
  return x;
}

NodeId Build::arrange(NodeId x, const TensorType& type) const {
  if (graph.type(x).dims == type.dims) return x;
  if (graph[x].op == OpId::constant) return graph.constant(graph[x].attributes.numbers[0], type);
  Attributes attributes;
  attributes.type = type;
  return graph.emit(OpId::copy, {x}, std::move(attributes));
}

NodeId full(Backward& b) {
  return Build{b.graph}.spread(b.dy, b.self().type);
}

std::vector<NodeId> no_second_gradient(Backward& b) {
  throw ShapeError(
      ShapeError::Kind::attributes,
      "[" + std::string(name_of(b.self().op)) + "] expected to be differentiated once, got a second time");
}

}  // namespace weft
