#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {b.dy, b.dy};
}

}  // namespace

/// add: y = a + b, reals or integers.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy, dy
const OpRule add_op{
    .arity = 2, .formula = "a + b", .infer = infer_arithmetic<OpId::add>, .backward = backward};

}  // namespace weft
