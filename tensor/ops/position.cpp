#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs, const Attributes& attributes) {
  expect_axes(graph, OpId::position, attributes.axes, 1);
  const TensorType& type = attributes.type;
  if (type.dims.size() != 1 || type.dims[0].axis != attributes.axes[0]) {
    fail(ShapeError::Kind::attributes, OpId::position, "the axis " + graph.axes().name(attributes.axes[0]),
         describe(type, graph.axes()));
  }
  if (type.element.kind != ElementKind::integer && type.element.kind != ElementKind::index) {
    fail(ShapeError::Kind::element, OpId::position, "integers or indices", describe(type, graph.axes()));
  }
  return type;
}

IterationSpace space(const Graph& graph, NodeId id) {
  return axis_last({}, graph.type(id).dims[0]);
}

}  // namespace

/// position: 0, 1, 2, ... along the axis attributes.axes[0].
/// Shapes:   -> attributes.type: that one axis, elements integer or index.  Errors: attributes, element.
/// Gradient: none
const OpRule position_op{.arity = 0, .formula = "the positions of the axis", .infer = infer, .space = space};

}  // namespace weft
