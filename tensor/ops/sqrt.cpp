#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.div(g.mul(b.dy, g.scalar(0.5)), b.node)};
}

}  // namespace

/// sqrt: y = x^(1/2); NaN below 0.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy / (2 y), infinite at 0
const OpRule sqrt_op{
    .arity = 1, .formula = "the square root of x", .infer = infer_real<OpId::sqrt>, .backward = backward};

}  // namespace weft
