#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  expect_real(graph, OpId::is_finite, inputs, 0);
  return {{ElementKind::boolean, {}}, graph.type(inputs[0]).dims};
}

}  // namespace

/// is_finite: neither infinite nor NaN.
/// Shapes:   those of x, to booleans.  Errors: element.
/// Gradient: none
const OpRule is_finite_op{.arity = 1, .formula = "whether x is neither infinite nor NaN", .infer = infer};

}  // namespace weft
