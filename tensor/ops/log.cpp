#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {Build{b.graph}.div(b.dy, b.input(0))};
}

}  // namespace

/// log: y = ln x; -inf at 0, NaN below.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy / x
const OpRule log_op{.arity = 1,
                    .formula = "the natural logarithm of x",
                    .infer = infer_real<OpId::log>,
                    .backward = backward};

}  // namespace weft
