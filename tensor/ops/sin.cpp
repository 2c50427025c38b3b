#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.mul(b.dy, g.unary(OpId::cos, b.input(0)))};
}

}  // namespace

/// sin: y = sin x, x in radians.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy cos x
const OpRule sin_op{
    .arity = 1, .formula = "the sine of x, in radians", .infer = infer_real<OpId::sin>, .backward = backward};

}  // namespace weft
