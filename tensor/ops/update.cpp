#include "tensor/ops/update.h"

namespace weft {

TensorType infer_update(OpId id, const Graph& graph, Inputs inputs, const Attributes& attributes, int state,
                        std::size_t numbers) {
  if (attributes.numbers.size() != numbers) {
    fail(ShapeError::Kind::attributes, id, std::to_string(numbers) + (numbers == 1 ? " number" : " numbers"),
         std::to_string(attributes.numbers.size()));
  }
  const TensorType& parameter = graph.type(inputs[0]);
  const int gradient = state + 1;
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) expect_real(graph, id, inputs, i);
  for (int i = 1; i <= gradient; ++i) expect_within(graph, id, inputs, i, parameter.dims);
  for (int i = 1; i <= state; ++i) {
    const TensorType& type = graph.type(inputs[static_cast<std::size_t>(i)]);
    if (type.dims.size() == parameter.dims.size()) continue;
    fail(ShapeError::Kind::axes, id, "state of " + describe(parameter, graph.axes()),
         describe(type, graph.axes()), {}, i);
  }
  for (int i = gradient + 1; i < static_cast<int>(inputs.size()); ++i) expect_scalar(graph, id, inputs, i);
  return parameter;
}

}  // namespace weft
