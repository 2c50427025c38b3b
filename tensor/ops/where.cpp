#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes&) {
  expect_element(graph, OpId::where, inputs, 0, ElementKind::boolean);
  const Element& element = graph.type(inputs[1]).element;
  if (graph.type(inputs[2]).element != element) {
    fail(ShapeError::Kind::element, OpId::where,
         "both choices of one element type, that of " + describe(graph.type(inputs[1]), graph.axes()),
         describe(graph.type(inputs[2]), graph.axes()), {}, 2);
  }
  return {element, broadcast(graph, OpId::where, inputs)};
}

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  return {kNoNode, b.needs(1) ? g.where(b.input(0), b.dy, g.scalar(0)) : kNoNode,
          b.needs(2) ? g.where(b.input(0), g.scalar(0), b.dy) : kNoNode};
}

}  // namespace

/// where: y = a where c holds, else b. The side that is not taken counts for nothing, NaN or not.
/// Shapes:   c bool, a and b of one element type; the union of the axes, by name.  Errors: element, extents.
/// Gradient: to a dy where c holds, else 0; to b the other way about
const OpRule where_op{
    .arity = 3, .formula = "a where the condition holds, else b", .infer = infer, .backward = backward};

}  // namespace weft
