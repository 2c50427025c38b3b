#include "tensor/ops/windows.h"

#include <cmath>

#include "tensor/ops/build.h"

namespace weft {

Windows::Windows(OpId op, const Attributes& attributes) {
  const std::vector<double>& n = attributes.numbers;
  const auto whole = [](double x) { return x >= 1 && x == std::floor(x) && x <= 2147483647.0; };
  if (n.size() != 2 || !whole(n[0]) || !whole(n[1])) {
    fail(ShapeError::Kind::attributes, op, "a stride and a dilation of at least 1", "others");
  }
  stride = static_cast<std::int64_t>(n[0]);
  dilation = static_cast<std::int64_t>(n[1]);
}

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::windows;
  expect_axes(graph, kId, attributes.axes, 1);
  expect_axes(graph, kId, attributes.to, 2);
  expect_on(graph, kId, inputs, 0, attributes.axes);
  if (attributes.extents.size() != 2) {
    fail(ShapeError::Kind::attributes, kId, "the extents of windows and offsets",
         std::to_string(attributes.extents.size()) + " extents");
  }
  const Windows windows(kId, attributes);
  TensorType type{graph.type(inputs[0]).element, {}};
  const Dim whole = *graph.type(inputs[0]).find(attributes.axes[0]);
  const Extent reach = windows.reach(attributes.extents[0], attributes.extents[1]);
  const auto one = attributes.extents[0].constant();
  if ((whole.extent - reach).constant().value_or(0) < 0 && one.value_or(1) > 0) {
    fail(ShapeError::Kind::extents, kId, "windows within " + describe(graph, whole),
         "windows that reach " + graph.axes().symbols().describe(reach), {}, 0);
  }
  for (const Dim& dim : graph.type(inputs[0]).dims) {
    if (dim.axis != whole.axis) {
      type.dims.push_back(dim);
      continue;
    }
    for (std::size_t i = 0; i < 2; ++i) type.dims.push_back({attributes.to[i], attributes.extents[i]});
  }
  expect_distinct(graph, kId, type.dims);
  return type;
}

std::vector<NodeId> backward(Backward& b) {
  const Attributes own = b.self().attributes;
  const Dim whole = *b.graph.type(b.input(0)).find(own.axes[0]);
  return {overlap(b.graph, full(b), own.to[0], own.to[1], whole, own.numbers)};
}

}  // namespace

/// windows: y[i, j] = x[i stride + j dilation]: an axis seen through windows that move along it (Chiang, Rush
/// and Barak 2023, "unroll"), so that a convolution is a dot over the offsets and a pooling a reduction.
/// Shapes:   the axis attributes.axes[0] becomes attributes.to = {windows, offsets} with attributes.extents;
///           attributes.numbers = {stride, dilation}. The first may be the axis itself.
/// Errors:   axes, attributes, extents (windows that reach past the axis), duplicate_axis.
/// Gradient: overlap
/// Cost:     none: the result is a view in which elements of x stand several times
const OpRule windows_op{
    .arity = 1, .formula = "an axis seen through windows along it", .infer = infer, .backward = backward};

}  // namespace weft
