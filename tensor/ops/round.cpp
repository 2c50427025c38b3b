#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward&) {
  return {kNoNode};
}

}  // namespace

/// round: the nearest whole number; of two the even one (IEEE 754, roundTiesToEven).
/// Shapes:   those of x.  Errors: element.
/// Gradient: 0, as it is wherever there is one
const OpRule round_op{.arity = 1,
                      .formula = "x rounded to the nearest whole number",
                      .infer = infer_real<OpId::round>,
                      .backward = backward};

}  // namespace weft
