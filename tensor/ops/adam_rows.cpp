#include "tensor/ops/adam_rows.h"

#include <algorithm>

namespace weft {

void expect_adam_rows(const Graph& graph, OpId id, Inputs inputs, const Attributes& attributes, int index,
                      int rows) {
  if (attributes.numbers.size() != 4 && attributes.numbers.size() != 5) {
    fail(ShapeError::Kind::attributes, id, "beta1, beta2, epsilon, decay and perhaps l2",
         std::to_string(attributes.numbers.size()) + " numbers");
  }
  expect_table_rows(graph, id, inputs, attributes, 2, index, rows);
  const std::vector<Dim> axis = only(graph.type(inputs[0]).dims, attributes.axes);
  expect_element(graph, id, inputs, 3, ElementKind::integer);
  expect_real(graph, id, inputs, 4);
  for (int i : {3, 4}) {
    expect_within(graph, id, inputs, i, axis);
    const TensorType& type = graph.type(inputs[static_cast<std::size_t>(i)]);
    if (type.dims.size() == 1) continue;
    fail(ShapeError::Kind::axes, id,
         "a number for each row of " + describe(graph.type(inputs[0]), graph.axes()),
         describe(type, graph.axes()), {}, i);
  }
  expect_element(graph, id, inputs, 5, ElementKind::integer);
  expect_scalar(graph, id, inputs, 5);
}

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  expect_adam_rows(graph, OpId::adam_rows, inputs, attributes, 6, 7);
  expect_real_scalars(graph, OpId::adam_rows, inputs, 8);
  return graph.type(inputs[0]);
}

/// Rows in their own order, as merge_rows has it.
IterationSpace space(const Graph& graph, NodeId id) {
  const std::vector<NodeId>& inputs = graph[id].inputs;
  IterationSpace space = table_rows_space(graph, id, 6);
  const std::vector<Dim> rows = only(graph.type(inputs[7]).dims, axes_of(graph.type(inputs[6])));
  if (rows.size() == static_cast<std::size_t>(space.groups[0])) std::ranges::copy(rows, space.dims.begin());
  return space;
}

}  // namespace

/// adam_rows: adam for a table of which few rows have a gradient. Adam moves the others too, by what they
///            remember; they are let lie, and `last` says up to which step each row is as adam would have it.
///            The steps that a row has missed are made up for before its own, with the rates kept of them, so
///            that it becomes what adam makes of it, bit for bit. An index that comes several times has the
///            sum of its rows at the first of them (merge_rows); what the others have is not looked at. Every
///            64 steps, or as many as there are rows, all rows catch up.
/// Shapes:   (w, m and v as w, last [V], rates [V], steps [], idx [rows], rows [rows, elements], rate [],
///           scale []) -> w's, written over all before idx; attributes.axes[0] is the axis V that idx looks
///           up; attributes.numbers as adam's. `last` and `steps` are integers: steps, how many have been
///           made before, is adam's t - 1
/// Errors:   attributes, element, axes, extents.
/// Gradient: none
/// Source:   Kingma and Ba 2015, algorithm 1; rows that wait: Carpenter 2008, Lazy Sparse Stochastic Gradient
///           Descent for Regularized Multinomial Logistic Regression
const OpRule adam_rows_op{.arity = 10,
                          .formula = "one step of Adam, for the rows looked up",
                          .infer = infer,
                          .space = space,
                          .in_place = 0,
                          .state = 5};

}  // namespace weft
