#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId count = g.count(only(b.graph.type(b.input(0)).dims, b.self().attributes.axes));
  if (const auto n = g.value(count)) return {g.mul(b.dy, g.scalar(1 / *n))};
  return {g.div(b.dy, count)};
}

}  // namespace

/// mean: y = sum x / n over attributes.axes of n positions; NaN where n = 0.
/// Shapes:   x without the axes.  Errors: element, axes, duplicate_axis.
/// Gradient: dy / n, repeated along the axes
const OpRule mean_op{.arity = 1,
                     .formula = "the mean of x over the axes",
                     .infer = infer_reduction<OpId::mean>,
                     .backward = backward,
                     .space = reduction_space};

}  // namespace weft
