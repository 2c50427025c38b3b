#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const Axes axes = b.self().attributes.axes;
  const NodeId hit = g.real(b.graph.emit(OpId::equal, {b.input(0), b.node}));
  return {g.mul(hit, g.div(b.dy, g.sum(hit, axes)))};
}

}  // namespace

/// max: y = max x over attributes.axes; -inf over no positions.
/// Shapes:   x without the axes.  Errors: element, axes, duplicate_axis.
/// Gradient: dy to the position of the maximum, in equal shares where there are several
const OpRule max_op{.arity = 1,
                    .formula = "the largest x over the axes",
                    .infer = infer_reduction<OpId::max>,
                    .backward = backward,
                    .space = reduction_space};

}  // namespace weft
