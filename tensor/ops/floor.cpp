#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward&) {
  return {kNoNode};
}

}  // namespace

/// floor: the largest whole number that isn't above x.
/// Shapes:   those of x.  Errors: element.
/// Gradient: 0, as it is wherever there is one
const OpRule floor_op{
    .arity = 1, .formula = "x rounded down", .infer = infer_real<OpId::floor>, .backward = backward};

}  // namespace weft
