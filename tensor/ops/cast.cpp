#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  return {attributes.type.element, graph.type(inputs[0]).dims};
}

std::vector<NodeId> backward(Backward& b) {
  return {b.dy};
}

}  // namespace

/// cast: the same values as elements of attributes.type.element. Reals become integers by truncation towards
///       0, booleans 0 and 1, numbers booleans by being other than 0.
/// Shapes:   those of x.
/// Gradient: dy from reals to reals, else none
const OpRule cast_op{
    .arity = 1, .formula = "the same values as another element type", .infer = infer, .backward = backward};

}  // namespace weft
