#include "tensor/plan/liveness.h"

namespace weft::planning {

namespace {

/// A carried value is needed when its last one is, or when a turn reads the one before: so once more around
/// until nothing is added.
void find_live_body(const ScanBody& body, ScanLiveness& live) {
  live.carried.assign(static_cast<std::size_t>(body.carried), false);
  for (std::size_t i = 0; i < live.carried.size(); ++i) live.carried[i] = live.results[i];
  for (bool grew = true; grew;) {
    std::vector<NodeId> roots;
    for (std::size_t i = 0; i < live.carried.size(); ++i) {
      if (live.carried[i]) roots.push_back(body.next[i]);
    }
    for (std::size_t i = 0; i < body.stacked.size(); ++i) {
      if (live.results[live.carried.size() + i]) roots.push_back(body.stacked[i]);
    }
    live.body = find_live(body.graph, roots);
    grew = false;
    for (std::size_t i = 0; i < live.carried.size(); ++i) {
      if (!live.carried[i] && live.body.nodes[static_cast<std::size_t>(body.graph.inputs()[i])]) {
        live.carried[i] = grew = true;
      }
    }
  }
}

}  // namespace

Liveness find_live(const Graph& graph, std::span<const NodeId> roots) {
  Liveness live;
  live.nodes.assign(static_cast<std::size_t>(graph.size()), false);
  const auto mark = [&live](NodeId id) { live.nodes[static_cast<std::size_t>(id)] = true; };
  for (NodeId root : roots) mark(root);

  for (NodeId id = graph.size() - 1; id >= 0; --id) {
    if (!live.nodes[static_cast<std::size_t>(id)]) continue;
    const Node& node = graph[id];
    if (node.op == OpId::scan) {
      // Every item of the scan has a larger id: all that are read are known by now.
      const ScanBody& body = *node.attributes.body;
      ScanLiveness& scan = live.scans[id];
      scan.results.resize(body.next.size() + body.stacked.size());
      find_live_body(body, scan);
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const bool read = i < scan.carried.size()
                              ? scan.carried[i]
                              : scan.body.nodes[static_cast<std::size_t>(body.graph.inputs()[i])];
        if (read) mark(node.inputs[i]);
      }
      continue;
    }
    for (NodeId input : node.inputs) mark(input);
    if (node.op == OpId::item && graph[node.inputs[0]].op == OpId::scan) {
      const ScanBody& body = *graph[node.inputs[0]].attributes.body;
      ScanLiveness& scan = live.scans[node.inputs[0]];
      scan.results.resize(body.next.size() + body.stacked.size());
      scan.results.at(node.attributes.index) = true;
    }
  }
  return live;
}

}  // namespace weft::planning
