#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {g.mul(b.dy, g.add(b.node, g.scalar(1)))};
}

}  // namespace

/// expm1: y = e^x - 1, without the digits that the subtraction would lose where x is small.
/// Shapes:   those of x.  Errors: element.
/// Gradient: dy (y + 1)
/// Source:   Kahan 1987, "Branch cuts for complex elementary functions", section 4
const OpRule expm1_op{.arity = 1,
                      .formula = "e ^ x - 1, exact also for small x",
                      .infer = infer_real<OpId::expm1>,
                      .backward = backward};

}  // namespace weft
