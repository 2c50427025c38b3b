#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  for (int i = 0; i < 4; ++i) expect_real(graph, OpId::sgd, inputs, i);
  expect_within(graph, OpId::sgd, inputs, 1, graph.type(inputs[0]).dims);
  expect_scalar(graph, OpId::sgd, inputs, 2);
  expect_scalar(graph, OpId::sgd, inputs, 3);
  return graph.type(inputs[0]);
}

}  // namespace

/// sgd: w := w - rate scale g.
/// Shapes:   (w, g as w, rate [], scale []) -> w's.  Errors: element, axes, extents.
/// Gradient: none
/// Source:   Robbins and Monro 1951; scale is what clipping makes of the gradient's length
const OpRule sgd_op{.arity = 4, .formula = "w := w - rate * scale * gradient", .infer = infer, .in_place = 0};

}  // namespace weft
