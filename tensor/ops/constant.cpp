#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  if (attributes.type.element.kind == ElementKind::index) {
    fail(ShapeError::Kind::element, OpId::constant, "real, integer or boolean elements",
         describe(attributes.type, graph.axes()));
  }
  return infer_given<OpId::constant>(graph, inputs, attributes);
}

}  // namespace

/// constant: every element is attributes.numbers[0].
/// Shapes: -> attributes.type, whose elements are real, integer or boolean.  Errors: element, duplicate_axis.
const OpRule constant_op{.arity = 0, .formula = "y = c", .infer = infer};

}  // namespace weft
