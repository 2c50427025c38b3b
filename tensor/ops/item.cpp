#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const std::size_t i = attributes.index;
  if (const Op& source = op(graph[inputs[0]].op); source.results != nullptr) {
    const std::vector<TensorType> results = source.results(graph, inputs[0]);
    if (i < results.size()) return results[i];
    fail(ShapeError::Kind::attributes, OpId::item, "a result of " + std::string(source.name),
         std::to_string(i));
  }
  const ScanBody* body = graph[inputs[0]].attributes.body.get();
  if (body == nullptr || i >= body->next.size() + body->stacked.size()) {
    fail(ShapeError::Kind::attributes, OpId::item, "a result of a scan", std::to_string(i));
  }
  if (i < body->next.size()) return body->graph.type(body->next[i]);
  TensorType type = body->graph.type(body->stacked[i - body->next.size()]);
  type.dims.insert(type.dims.begin(), body->axis);
  expect_distinct(graph, OpId::item, type.dims);
  return type;
}

}  // namespace

/// item: result attributes.index of a scan (the last value of a carried input, or a stacked result with the
/// scan's axis in front) or of another op with several results.
/// Shapes:   (scan) -> that result's.  Errors: attributes.
/// Gradient: the scan's (tensor/passes/scan_gradient.h)
const OpRule item_op{.arity = 1, .formula = "one of several results", .infer = infer};

}  // namespace weft
