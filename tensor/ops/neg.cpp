#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {Build{b.graph}.neg(b.dy)};
}

}  // namespace

/// neg: y = -x.
/// Shapes:   those of x.  Errors: element.
/// Gradient: -dy
const OpRule neg_op{.arity = 1, .formula = "-x", .infer = infer_real<OpId::neg>, .backward = backward};

}  // namespace weft
