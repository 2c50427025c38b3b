#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  return graph.type(inputs[0]);
}

}  // namespace

/// stop: y = x, and no gradient passes.
/// Shapes:   those of x.
const OpRule stop_op{.arity = 1, .formula = "x, held constant in gradients", .infer = infer};

}  // namespace weft
