#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {b.dy, b.needs(1) ? Build{b.graph}.neg(b.dy) : kNoNode};
}

}  // namespace

/// sub: y = a - b, reals or integers.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy, -dy
const OpRule sub_op{
    .arity = 2, .formula = "a - b", .infer = infer_arithmetic<OpId::sub>, .backward = backward};

}  // namespace weft
