#include "tensor/ops/update.h"

namespace weft {

void expect_numbers(OpId id, const Attributes& attributes, std::size_t count) {
  if (attributes.numbers.size() == count) return;
  fail(ShapeError::Kind::attributes, id, std::to_string(count) + (count == 1 ? " number" : " numbers"),
       std::to_string(attributes.numbers.size()));
}

void expect_adam_numbers(OpId id, const Attributes& attributes) {
  const std::size_t count = attributes.numbers.size();
  if (count == 4 || count == 5) return;
  fail(ShapeError::Kind::attributes, id, "beta1, beta2, epsilon, decay and perhaps l2",
       std::to_string(count) + " numbers");
}

void expect_states(const Graph& graph, OpId id, Inputs inputs, int count) {
  const TensorType& parameter = graph.type(inputs[0]);
  for (int i = 1; i <= count; ++i) {
    expect_real(graph, id, inputs, i);
    expect_within(graph, id, inputs, i, parameter.dims);
    const TensorType& type = graph.type(inputs[static_cast<std::size_t>(i)]);
    if (type.dims.size() == parameter.dims.size()) continue;
    fail(ShapeError::Kind::axes, id, "state of " + describe(parameter, graph.axes()),
         describe(type, graph.axes()), {}, i);
  }
}

TensorType infer_update(OpId id, const Graph& graph, Inputs inputs, int states) {
  const TensorType& parameter = graph.type(inputs[0]);
  const int gradient = states + 1;
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) expect_real(graph, id, inputs, i);
  expect_states(graph, id, inputs, states);
  expect_within(graph, id, inputs, gradient, parameter.dims);
  for (int i = gradient + 1; i < static_cast<int>(inputs.size()); ++i) expect_scalar(graph, id, inputs, i);
  return parameter;
}

}  // namespace weft
