#include "tensor/ops/common.h"

namespace weft {

namespace {

constexpr OpId kId = OpId::scan;

void expect_type(const Graph& graph, const TensorType& expected, const TensorType& got,
                 const std::string& what, int operand) {
  if (expected == got) return;
  ShapeError::Kind kind = ShapeError::Kind::axes;
  if (expected.element != got.element) {
    kind = ShapeError::Kind::element;
  } else if (axes_of(expected) == axes_of(got)) {
    kind = ShapeError::Kind::extents;
  }
  fail(kind, kId, what + " as " + describe_with_extents(expected, graph.axes()),
       describe_with_extents(got, graph.axes()), {}, operand);
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  if (attributes.body == nullptr) fail(ShapeError::Kind::attributes, kId, "a body", "none");
  const ScanBody& body = *attributes.body;
  const auto count = static_cast<std::size_t>(body.carried) + static_cast<std::size_t>(body.walked) +
                     static_cast<std::size_t>(body.captured);
  if (inputs.size() != count || body.graph.inputs().size() != count ||
      body.next.size() != static_cast<std::size_t>(body.carried)) {
    fail(ShapeError::Kind::attributes, kId, std::to_string(count) + " operands and inputs of the body",
         std::to_string(inputs.size()) + " and " + std::to_string(body.graph.inputs().size()));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const int operand = static_cast<int>(i);
    const TensorType& inner = body.graph.type(body.graph.inputs()[i]);
    TensorType outer = graph.type(inputs[i]);
    if (operand >= body.carried && operand < body.carried + body.walked) {
      const Dim* walked = outer.find(body.axis.axis);
      if (walked == nullptr) {
        fail(ShapeError::Kind::axes, kId, "the axis " + graph.axes().name(body.axis.axis) + " to walk along",
             describe(outer, graph.axes()), {}, operand);
      }
      if (walked->extent != body.axis.extent) {
        fail(ShapeError::Kind::extents, kId, describe(graph, body.axis), describe(graph, *walked), {},
             operand);
      }
      outer.dims = without(outer.dims, {body.axis.axis});
    }
    expect_type(graph, inner, outer, "operand " + std::to_string(i), operand);
    if (operand < body.carried) {
      expect_type(graph, inner, body.graph.type(body.next[i]), "the next value", operand);
    }
  }
  for (NodeId id = 0; id < body.graph.size(); ++id) {
    if (op(body.graph[id].op).in_place >= 0) {
      fail(ShapeError::Kind::attributes, kId, "a body without updates",
           std::string(name_of(body.graph[id].op)));
    }
  }
  return {};
}

}  // namespace

/// scan: the body once for each position of its axis, in order (or from the last to the first); what a turn
/// leaves in `next` the following one finds in its carried inputs. Results are its items (see ScanBody).
/// Shapes:   (carried.., walked.., captured..), each as the body's input of that number, the walked ones with
/// the axis
///           beside; physical order counts, the walked axis may stand anywhere.
/// Errors:   attributes, element, axes, extents.
/// Gradient: a scan the other way (tensor/passes/scan_gradient.h)
const OpRule scan_op{.arity = -1, .formula = "a loop over the positions of an axis", .infer = infer};

}  // namespace weft
