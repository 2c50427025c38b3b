#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.mul(g.mul(b.dy, b.node), g.sub(g.scalar(1), b.node))};
}

}  // namespace

/// sigmoid: y = 1 / (1 + e^-x).
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy y (1 - y)
const OpRule sigmoid_op{
    .arity = 1, .formula = "1 / (1 + e ^ -x)", .infer = infer_real<OpId::sigmoid>, .backward = backward};

}  // namespace weft
