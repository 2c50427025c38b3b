#include "tensor/passes/copy_nodes.h"

#include "tensor/ops/build.h"

namespace weft {

NodeId copy_node(const Graph& from, NodeId id, Graph& to, std::vector<NodeId> operands) {
  const Node& node = from[id];
  const Span before = to.origin();
  to.set_origin(node.origin);
  Attributes attributes = node.attributes;
  if (node.op == OpId::dropout && attributes.axes.empty()) attributes.axes = axes_of(node.type);
  if (node.op == OpId::scan) {
    const ScanBody& body = *attributes.body;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      TensorType expected = body.graph.type(body.graph.inputs()[i]);
      const auto first = static_cast<std::size_t>(body.carried);
      if (i >= first && i < first + static_cast<std::size_t>(body.walked)) {
        const std::vector<Dim> rest = without(to.type(operands[i]).dims, {body.axis.axis});
        if (rest == expected.dims) continue;
        expected.dims.insert(expected.dims.begin(), body.axis);
      }
      operands[i] = Build{to}.arrange(operands[i], expected);
    }
  }
  const NodeId copy = to.emit(node.op, std::move(operands), std::move(attributes));
  to.set_origin(before);
  return copy;
}

NodeId copy_mapped(const Graph& from, NodeId id, Graph& to, std::span<const NodeId> map) {
  std::vector<NodeId> operands;
  for (NodeId input : from[id].inputs) operands.push_back(map[static_cast<std::size_t>(input)]);
  return copy_node(from, id, to, std::move(operands));
}

std::vector<char> ancestors(const Graph& graph, std::span<const NodeId> nodes) {
  std::vector<char> marked(static_cast<std::size_t>(graph.size()), 0);
  for (NodeId id : nodes) marked[static_cast<std::size_t>(id)] = 1;
  for (NodeId id = graph.size() - 1; id >= 0; --id) {
    if (marked[static_cast<std::size_t>(id)] == 0) continue;
    for (NodeId input : graph[id].inputs) marked[static_cast<std::size_t>(input)] = 1;
  }
  return marked;
}

}  // namespace weft
