#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId slope = g.unary(OpId::exp, g.neg(g.mul(b.input(0), b.input(0))));
  return {g.mul(g.mul(b.dy, g.scalar(1.1283791670955126)), slope)};
}

}  // namespace

/// erf: y = 2 / sqrt(pi) * the integral of exp(-t^2) from 0 to x, the error function.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy 2 / sqrt(pi) exp(-x^2)
const OpRule erf_op{
    .arity = 1, .formula = "the error function of x", .infer = infer_real<OpId::erf>, .backward = backward};

}  // namespace weft
