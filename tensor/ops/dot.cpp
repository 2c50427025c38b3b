#include "tensor/ops/build.h"

namespace weft {

namespace {

/// The axes of a product by their part in it.
struct Parts {
  std::vector<Dim> batch, m, n, k;
};

Parts parts(const Graph& graph, Inputs inputs, const Axes& axes) {
  const TensorType& a = graph.type(inputs[0]);
  const TensorType& b = graph.type(inputs[1]);
  const std::vector<Dim> rest = without(a.dims, axes);
  return {only(rest, axes_of(b)), without(rest, axes_of(b)), without(without(b.dims, axes), axes_of(a)),
          only(a.dims, axes)};
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_real(graph, OpId::dot, inputs, 0);
  expect_real(graph, OpId::dot, inputs, 1);
  if (attributes.axes.empty()) fail(ShapeError::Kind::attributes, OpId::dot, "an axis to sum over", "none");
  expect_axes(graph, OpId::dot, attributes.axes, -1);
  expect_on(graph, OpId::dot, inputs, 0, attributes.axes);
  expect_on(graph, OpId::dot, inputs, 1, attributes.axes);
  std::vector<Dim> all;
  join_dims(graph, OpId::dot, all, inputs, 0);
  join_dims(graph, OpId::dot, all, inputs, 1);
  Parts p = parts(graph, inputs, attributes.axes);
  TensorType type{{}, std::move(p.batch)};
  type.dims.insert(type.dims.end(), p.m.begin(), p.m.end());
  type.dims.insert(type.dims.end(), p.n.begin(), p.n.end());
  return type;
}

/// x y summed over `axes`, whichever way round gives the axes nearer to the physical order of `like`.
NodeId product_like(const Build& g, NodeId x, NodeId y, const Axes& axes, const TensorType& like) {
  if (axes.empty()) return g.mul(x, y);
  for (const Dim& dim : like.dims) {
    const bool in_x = g.graph.type(x).has(dim.axis);
    const bool in_y = g.graph.type(y).has(dim.axis);
    if (in_x && in_y) continue;
    return in_x ? g.dot(x, y, axes) : g.dot(y, x, axes);
  }
  return g.dot(x, y, axes);
}

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const Axes axes = b.self().attributes.axes;
  const Parts p = parts(b.graph, b.self().inputs, axes);
  const TensorType a_type = b.graph.type(b.input(0));
  const TensorType b_type = b.graph.type(b.input(1));
  const NodeId dy = full(b);
  NodeId da = kNoNode;
  NodeId db = kNoNode;
  if (b.needs(0)) da = product_like(g, dy, b.input(1), axes_of(TensorType{{}, p.n}), a_type);
  if (b.needs(1)) db = product_like(g, b.input(0), dy, axes_of(TensorType{{}, p.m}), b_type);
  return {da, db};
}

/// {batch, m, n, k}. The summed axes come in the order of the operand in which they are innermost: there
/// their strides collapse to one, and in the other they do too where it has them in the same order.
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  Parts p = parts(graph, node.inputs, node.attributes.axes);
  const std::vector<Dim>& a = graph.type(node.inputs[0]).dims;
  const std::vector<Dim>& b = graph.type(node.inputs[1]).dims;
  if (!contains(node.attributes.axes, a.back().axis) && contains(node.attributes.axes, b.back().axis)) {
    p.k = only(b, node.attributes.axes);
  }
  IterationSpace space;
  int group = 0;
  for (const auto* dims : {&p.batch, &p.m, &p.n, &p.k}) {
    space.groups[static_cast<std::size_t>(group++)] = static_cast<int>(dims->size());
    space.dims.insert(space.dims.end(), dims->begin(), dims->end());
  }
  return space;
}

}  // namespace

/// dot: y = sum a b over attributes.axes, which both have. Axes that both have and that are not summed are
///      batch axes.
/// Shapes:   batch axes in a's order, then a's others, then b's others.
/// Errors:   element, axes, extents, duplicate_axis.
/// Gradient: da = sum dy b over b's others, db = sum a dy over a's others, each a product of the same kind
/// Cost:     O(batch m n k): one (batched) matrix product where strides allow
const OpRule dot_op{.arity = 2,
                    .formula = "the sum of a * b over the axes",
                    .infer = infer,
                    .backward = backward,
                    .space = space};

}  // namespace weft
