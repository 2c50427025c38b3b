#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.mul(b.dy, g.sub(g.scalar(1), g.mul(b.node, b.node)))};
}

}  // namespace

/// tanh: y = (e^x - e^-x) / (e^x + e^-x).
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy (1 - y^2)
const OpRule tanh_op{.arity = 1,
                     .formula = "the hyperbolic tangent of x",
                     .infer = infer_real<OpId::tanh>,
                     .backward = backward};

}  // namespace weft
