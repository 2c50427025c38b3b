#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId zero = g.scalar(0);
  const NodeId sign = g.sub(g.real(g.less(zero, b.input(0))), g.real(g.less(b.input(0), zero)));
  return {g.mul(b.dy, sign)};
}

}  // namespace

/// abs: y = |x|.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy sign x, 0 at 0
const OpRule abs_op{.arity = 1, .formula = "|x|", .infer = infer_arithmetic<OpId::abs>, .backward = backward};

}  // namespace weft
