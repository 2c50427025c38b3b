#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {Build{b.graph}.mul(b.dy, b.node)};
}

}  // namespace

/// exp: y = e^x.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy y
const OpRule exp_op{.arity = 1, .formula = "e ^ x", .infer = infer_real<OpId::exp>, .backward = backward};

}  // namespace weft
