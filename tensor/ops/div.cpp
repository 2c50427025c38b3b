#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId da = g.div(b.dy, b.input(1));
  return {da, b.needs(1) ? g.neg(g.mul(da, b.node)) : kNoNode};
}

}  // namespace

/// div: y = a / b.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy / b, -dy y / b
const OpRule div_op{.arity = 2, .formula = "a / b", .infer = infer_real<OpId::div>, .backward = backward};

}  // namespace weft
