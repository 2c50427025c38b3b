#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  const TensorType& target = graph.type(inputs[0]);
  if (graph.type(inputs[1]).element != target.element) {
    fail(ShapeError::Kind::element, OpId::assign, "elements of " + describe(target, graph.axes()),
         describe(graph.type(inputs[1]), graph.axes()), {}, 1);
  }
  expect_within(graph, OpId::assign, inputs, 1, target.dims);
  return target;
}

}  // namespace

/// assign: writes the value over the target, repeated along axes that the value lacks.
/// Shapes:   (target, value) -> the target's.  Errors: element, axes, extents.
/// Gradient: none
const OpRule assign_op{.arity = 2, .formula = "target := value", .infer = infer, .in_place = 0};

}  // namespace weft
