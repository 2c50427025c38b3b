#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.where(g.less(g.scalar(0), b.input(0)), b.dy, g.scalar(0))};
}

}  // namespace

/// relu: y = max(x, 0).
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy where x > 0, else 0
const OpRule relu_op{
    .arity = 1, .formula = "max(x, 0)", .infer = infer_real<OpId::relu>, .backward = backward};

}  // namespace weft
