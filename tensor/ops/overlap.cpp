#include "tensor/ops/build.h"
#include "tensor/ops/windows.h"

namespace weft {

NodeId overlap(Graph& graph, NodeId x, AxisId windows, AxisId offsets, const Dim& whole,
               std::vector<double> numbers) {
  if (windows == whole.axis) {
    // Both lengths of the axis are walked at once, so the windows need a name of their own.
    const AxisId aside =
        graph.axes().declare(graph.axes()[windows].name, graph.type(x).find(windows)->extent);
    x = graph.emit(OpId::rename, {x}, {.axes = {windows}, .to = {aside}});
    windows = aside;
  }
  return graph.emit(OpId::overlap, {x},
                    {.axes = {windows, offsets},
                     .to = {whole.axis},
                     .extents = {whole.extent},
                     .numbers = std::move(numbers)});
}

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::overlap;
  expect_real(graph, kId, inputs, 0);
  expect_axes(graph, kId, attributes.axes, 2);
  expect_axes(graph, kId, attributes.to, 1);
  expect_on(graph, kId, inputs, 0, attributes.axes);
  const TensorType& x = graph.type(inputs[0]);
  if (attributes.extents.size() != 1 || x.has(attributes.to[0])) {
    fail(ShapeError::Kind::attributes, kId, "an axis that the operand lacks, and its extent",
         graph.axes().name(attributes.to[0]));
  }
  const Windows windows(kId, attributes);
  const Dim whole{attributes.to[0], attributes.extents[0]};
  const Extent reach = windows.reach(x.find(attributes.axes[0])->extent, x.find(attributes.axes[1])->extent);
  const auto count = x.find(attributes.axes[0])->extent.constant();
  if ((whole.extent - reach).constant().value_or(0) < 0 && count.value_or(1) > 0) {
    fail(ShapeError::Kind::extents, kId, "windows within " + describe(graph, whole),
         "windows that reach " + graph.axes().symbols().describe(reach), {}, 0);
  }
  TensorType type;
  for (const Dim& dim : x.dims) {
    if (dim.axis == attributes.axes[0]) type.dims.push_back(whole);
    if (!contains(attributes.axes, dim.axis)) type.dims.push_back(dim);
  }
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const Attributes own = b.self().attributes;
  const TensorType& x = b.graph.type(b.input(0));
  Attributes attributes{.axes = own.to, .to = own.axes, .numbers = own.numbers};
  for (const AxisId axis : own.axes) attributes.extents.push_back(x.find(axis)->extent);
  return {b.graph.emit(OpId::windows, {full(b)}, std::move(attributes))};
}

/// {others, the whole axis, windows, offsets}
IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  const TensorType& x = graph.type(node.inputs[0]);
  IterationSpace space{without(node.type.dims, node.attributes.to), {}};
  space.groups = {static_cast<int>(space.dims.size()), 1, 1, 1};
  space.dims.push_back(*node.type.find(node.attributes.to[0]));
  for (const AxisId axis : node.attributes.axes) space.dims.push_back(*x.find(axis));
  return space;
}

}  // namespace

/// overlap: y[p] = the sum of x[i, j] over i stride + j dilation = p: windows laid over each other and added,
/// the adjoint of `windows` (overlap-add; the core of a transposed convolution).
/// Shapes:   the axes attributes.axes = {windows, offsets} become attributes.to[0] with
/// attributes.extents[0];
///           attributes.numbers = {stride, dilation}.
/// Errors:   element, axes, attributes, extents (windows that reach past the axis).
/// Gradient: windows
const OpRule overlap_op{.arity = 1,
                        .formula = "windows along an axis, added where they overlap",
                        .infer = infer,
                        .backward = backward,
                        .space = space};

}  // namespace weft
