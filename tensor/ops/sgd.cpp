#include "tensor/ops/update.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  return infer_update(OpId::sgd, graph, inputs, 0);
}

}  // namespace

/// sgd: w := w - rate scale g.
/// Shapes:   (w, g as w, rate [], scale []) -> w's.  Errors: element, axes, extents.
/// Gradient: none
/// Source:   Robbins and Monro 1951; scale is what clipping makes of the gradient's length
const OpRule sgd_op{.arity = 4, .formula = "w := w - rate * scale * gradient", .infer = infer, .in_place = 0};

}  // namespace weft
