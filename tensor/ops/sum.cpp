#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  return {b.dy};
}

}  // namespace

/// sum: y = sum x over attributes.axes.
/// Shapes:   x without the axes.  Errors: element, axes, duplicate_axis.
/// Gradient: dy, repeated along the axes
const OpRule sum_op{.arity = 1,
                    .formula = "the sum of x over the axes",
                    .infer = infer_reduction<OpId::sum>,
                    .backward = backward,
                    .space = reduction_space};

}  // namespace weft
