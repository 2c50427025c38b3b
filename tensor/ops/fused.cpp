#include "tensor/ops/common.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const ScanBody* body = attributes.body.get();
  if (body == nullptr || body->stacked.empty() || body->graph.inputs().size() != inputs.size()) {
    fail(ShapeError::Kind::attributes, OpId::fused, "a graph of its operands and some results",
         body == nullptr ? "none" : std::to_string(body->graph.inputs().size()) + " operands");
  }
  for (int i = 0; i < static_cast<int>(inputs.size()); ++i) {
    const auto k = static_cast<std::size_t>(i);
    expect_within(graph, OpId::fused, inputs, i, attributes.type.dims);
    const TensorType &given = graph.type(inputs[k]), &taken = body->graph.type(body->graph.inputs()[k]);
    if (given == taken) continue;
    fail(ShapeError::Kind::axes, OpId::fused, describe(taken, graph.axes()), describe(given, graph.axes()),
         {}, i);
  }
  return {};
}

std::vector<TensorType> results(const Graph& graph, NodeId id) {
  const ScanBody& body = *graph[id].attributes.body;
  std::vector<TensorType> types;
  for (NodeId value : body.stacked) types.push_back(body.graph.type(value));
  return types;
}

IterationSpace space(const Graph& graph, NodeId id) {
  return {graph[id].attributes.type.dims, {}};
}

}  // namespace

/// fused: several elementwise ops in one pass over memory: attributes.body, a graph of constants and
///        elementwise nodes, over the axes attributes.type, whose results are its `stacked`. A result may be
///        a concat of values of those axes. Made by tensor/passes/fusion.h, for a plan only.
/// Shapes:   (what the body's inputs are) -> its results.
/// Errors:   attributes, axes, extents.
/// Gradient: none, it is made afterwards
const OpRule fused_op{.arity = -1,
                      .formula = "elementwise ops in one pass",
                      .infer = infer,
                      .space = space,
                      .results = results};

}  // namespace weft
