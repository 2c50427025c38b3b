#include "tensor/gradient.h"

#include "tensor/ops/build.h"
#include "tensor/passes/attention.h"
#include "tensor/passes/reverse.h"

namespace weft {

std::vector<NodeId> gradient(Graph& graph, NodeId loss, std::span<const NodeId> wrt) {
  const TensorType& type = graph.type(loss);
  if (type != TensorType{}) {
    throw std::invalid_argument("[gradient] expected a scalar loss, got " + describe(type, graph.axes()));
  }
  recognize_attention(graph);
  const Build g{graph};
  const NodeId seed = g.scalar(1);
  std::vector<NodeId> cotangents = reverse_sweep(graph, std::vector{loss}, std::vector{seed}, wrt);
  for (std::size_t i = 0; i < wrt.size(); ++i) {
    if (cotangents[i] != kNoNode) cotangents[i] = g.arrange(cotangents[i], graph.type(wrt[i]));
  }
  return cotangents;
}

}  // namespace weft
