#include "tensor/ops/adam_rows.h"

namespace weft {

namespace {

/// The operand that has the indices, -1 where all rows are meant.
int index_of(std::size_t operands) {
  return operands == 7 ? 6 : -1;
}

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  constexpr OpId kId = OpId::adam_catch_up;
  if (inputs.size() != 6 && inputs.size() != 7)
    fail(ShapeError::Kind::attributes, kId, "6 or 7 operands", std::to_string(inputs.size()));
  expect_adam_rows(graph, kId, inputs, attributes, index_of(inputs.size()), -1);
  return graph.type(inputs[0]);
}

IterationSpace space(const Graph& graph, NodeId id) {
  return table_rows_space(graph, id, index_of(graph[id].inputs.size()));
}

}  // namespace

/// adam_catch_up: the rows looked up, or all, as adam would have them after the last step: what they have
///                missed since adam_rows let them lie is made up for, with a gradient of zero for each of
///                those steps.
/// Shapes:   (w, m and v as w, last [V], rates [V], steps [], idx [rows] or nothing) -> w's, written over w,
///           m, v and last. rates and steps stay as they are; they count as written all the same, so that
///           they are read as the newest adam_rows has left them. attributes as adam_rows has them
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   as adam_rows
const OpRule adam_catch_up_op{.arity = -1,
                              .formula = "the steps of Adam that rows have missed",
                              .infer = infer,
                              .space = space,
                              .in_place = 0,
                              .state = 5};

}  // namespace weft
