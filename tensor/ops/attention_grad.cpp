#include "tensor/ops/attention.h"
#include "tensor/ops/build.h"

namespace weft {

namespace {

TensorType infer(const Graph& graph, Inputs inputs, const Attributes& attributes) {
  const AttentionAxes axes = expect_attention(graph, OpId::attention_grad, inputs, attributes, 1);
  std::vector<Dim> result = axes.batch;
  result.insert(result.end(), axes.query.begin(), axes.query.end());
  result.push_back(axes.value);
  expect_within(graph, OpId::attention_grad, inputs, static_cast<int>(inputs.size()) - 1, result);
  return {};
}

std::vector<TensorType> results(const Graph& graph, NodeId id) {
  const std::vector<NodeId>& inputs = graph[id].inputs;
  const std::size_t first = inputs.size() - 4;
  return {graph.type(inputs[first]), graph.type(inputs[first + 1]), graph.type(inputs[first + 2])};
}

IterationSpace space(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return attention_space(expect_attention(graph, OpId::attention_grad, node.inputs, node.attributes, 1));
}

}  // namespace

/// attention_grad: with P the weights, dV = P' dy, dP = dy V', dS = scale P (dP - sum_S P dP),
/// dQ = dS K, dK = dS' Q. P is computed again from the scores. With dropout, F its factors, drawn again:
/// dV = (F P)' dy, dP = F (dy V').
/// Shapes:   (what attention takes, dy) -> three results, of q, k and v
/// Errors:   as attention.  Gradient: refused
const OpRule attention_grad_op{.arity = -1,
                               .formula = "the gradient of attention",
                               .infer = infer,
                               .backward = no_second_gradient,
                               .space = space,
                               .results = results};

}  // namespace weft
