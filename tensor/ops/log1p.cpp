#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.div(b.dy, g.add(g.scalar(1), b.input(0)))};
}

}  // namespace

/// log1p: y = ln(1 + x), exact to rounding where x is small; -inf at -1, NaN below.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy / (1 + x)
const OpRule log1p_op{
    .arity = 1, .formula = "ln(1 + x)", .infer = infer_real<OpId::log1p>, .backward = backward};

}  // namespace weft
