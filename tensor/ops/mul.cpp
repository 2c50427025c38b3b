#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {b.needs(0) ? g.mul(b.dy, b.input(1)) : kNoNode, b.needs(1) ? g.mul(b.dy, b.input(0)) : kNoNode};
}

}  // namespace

/// mul: y = a * b, reals or integers.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy b, dy a
const OpRule mul_op{
    .arity = 2, .formula = "a * b", .infer = infer_arithmetic<OpId::mul>, .backward = backward};

}  // namespace weft
