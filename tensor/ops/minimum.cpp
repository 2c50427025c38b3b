#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId first = b.graph.emit(OpId::less_equal, {b.input(0), b.input(1)});
  return {b.needs(0) ? g.where(first, b.dy, g.scalar(0)) : kNoNode,
          b.needs(1) ? g.where(first, g.scalar(0), b.dy) : kNoNode};
}

}  // namespace

/// minimum: y = min(a, b), element by element.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy to the one that was taken; of equals, the first
const OpRule minimum_op{.arity = 2,
                        .formula = "the smaller of a and b",
                        .infer = infer_arithmetic<OpId::minimum>,
                        .backward = backward};

}  // namespace weft
