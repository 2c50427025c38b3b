#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.neg(g.mul(b.dy, g.unary(OpId::sin, b.input(0))))};
}

}  // namespace

/// cos: y = cos x, x in radians.
/// Shapes:   those of x.  Errors: element.
/// Gradient: -dy sin x
const OpRule cos_op{.arity = 1,
                    .formula = "the cosine of x, in radians",
                    .infer = infer_real<OpId::cos>,
                    .backward = backward};

}  // namespace weft
