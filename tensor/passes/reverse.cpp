#include "tensor/passes/reverse.h"

#include <algorithm>
#include <map>

#include "tensor/ops/build.h"
#include "tensor/passes/scan_gradient.h"

namespace weft {

std::vector<char> varying(const Graph& graph, std::span<const NodeId> from) {
  std::vector<char> varies(static_cast<std::size_t>(graph.size()), 0);
  for (NodeId id : from) varies[static_cast<std::size_t>(id)] = 1;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    const bool passes = node.op == OpId::scan || node.op == OpId::item || op(node.op).backward != nullptr;
    if (!passes || node.type.element.kind != ElementKind::real) continue;
    for (NodeId input : node.inputs) {
      if (varies[static_cast<std::size_t>(input)] != 0) varies[static_cast<std::size_t>(id)] = 1;
    }
  }
  return varies;
}

namespace {

/// The pieces of one value's cotangent, where they are all `pad`s that tile one axis without gap: what comes
/// back from taking a tensor apart. Then they are joined, not added up among zeros.
NodeId join_tiles(const Build& g, const std::vector<NodeId>& parts, const TensorType& type) {
  if (parts.size() < 2) return kNoNode;
  const Attributes& first = g.graph[parts[0]].attributes;
  std::vector<NodeId> inputs;
  Extent end;
  for (std::size_t round = 0; round < parts.size(); ++round) {
    for (NodeId part : parts) {
      const Node& node = g.graph[part];
      if (node.op != OpId::pad || node.attributes.axes != first.axes ||
          !same_axes(node.attributes.type.dims, type.dims)) {
        return kNoNode;
      }
      if (node.attributes.extents[0] != end) continue;
      const Dim* own = g.graph.type(node.inputs[0]).find(first.axes[0]);
      inputs.push_back(node.inputs[0]);
      end = end + (own != nullptr ? own->extent : Extent(1));
      break;
    }
    if (inputs.size() != round + 1) return kNoNode;
  }
  if (end != type.find(first.axes[0])->extent) return kNoNode;
  Attributes attributes{.axes = first.axes};
  attributes.type = type;
  // A piece that is constant along another axis still has to be all there.
  std::vector<Dim> have;
  for (NodeId input : inputs) {
    for (const Dim& dim : g.graph.type(input).dims) {
      if (!contains(axes_of(TensorType{{}, have}), dim.axis)) have.push_back(dim);
    }
  }
  for (const Dim& dim : without(type.dims, first.axes)) {
    if (!contains(axes_of(TensorType{{}, have}), dim.axis)) return kNoNode;
  }
  return g.graph.emit(OpId::concat, std::move(inputs), std::move(attributes));
}

class Sweep {
 public:
  Sweep(Graph& graph, std::span<const NodeId> wrt)
      : graph_(graph), varies_(varying(graph, wrt)), parts_(static_cast<std::size_t>(graph.size())) {}

  void add(NodeId value, NodeId cotangent) { parts_[static_cast<std::size_t>(value)].push_back(cotangent); }

  /// Sums what reached a value to one node, which stays its only part.
  NodeId total(NodeId value) {
    auto& parts = parts_[static_cast<std::size_t>(value)];
    if (parts.empty()) return kNoNode;
    if (parts.size() > 1) {
      const Build g{graph_};
      NodeId sum = join_tiles(g, parts, graph_.type(value));
      if (sum == kNoNode) {
        sum = parts[0];
        for (std::size_t i = 1; i < parts.size(); ++i) sum = g.add(sum, parts[i]);
      }
      parts = {sum};
    }
    return parts[0];
  }

  void run() {
    for (NodeId id = static_cast<NodeId>(parts_.size()) - 1; id >= 0; --id) {
      // The inputs of a loop's body are no one's line: what is computed for them counts with what reads them.
      if (const Span origin = graph_[id].origin; origin != Span{}) graph_.set_origin(origin);
      if (graph_[id].op == OpId::scan) {
        visit_scan(id);
        continue;
      }
      const NodeId dy = total(id);
      if (dy == kNoNode || !from_inputs(id)) continue;
      if (graph_[id].op == OpId::item) {
        auto& items = items_[graph_[id].inputs[0]];
        items.push_back({static_cast<std::size_t>(graph_[id].attributes.index), dy});
      } else {
        visit(id, dy);
      }
    }
  }

 private:
  bool from_inputs(NodeId id) const {
    const Node& node = graph_[id];
    return (node.op == OpId::item || op(node.op).backward != nullptr) &&
           std::any_of(node.inputs.begin(), node.inputs.end(), [&](NodeId i) { return varies(i); });
  }
  bool varies(NodeId id) const { return varies_[static_cast<std::size_t>(id)] != 0; }

  void visit(NodeId id, NodeId dy) {
    Backward backward{graph_, id, dy};
    const std::vector<NodeId> inputs = graph_[id].inputs;
    for (std::size_t i = 0; i < inputs.size() && i < 32; ++i) {
      if (!varies(inputs[i])) backward.skip |= 1U << i;
    }
    const std::vector<NodeId> cotangents = op(graph_[id].op).backward(backward);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (cotangents[i] != kNoNode && varies(inputs[i])) add(inputs[i], fitted(id, inputs[i], cotangents[i]));
    }
  }

  /// Without the axes that the input lacks: summed away. Where the node repeated its input along one that the
  /// cotangent lacks too, every position gave the same.
  NodeId fitted(NodeId id, NodeId input, NodeId cotangent) {
    const Build g{graph_};
    const Axes own = axes_of(graph_.type(input));
    const bool repeats = op(graph_[id].op).kind == OpKind::elementwise || graph_[id].op == OpId::copy;
    std::vector<Dim> repeated;
    if (repeats) {
      repeated = without(without(graph_.type(id).dims, own), axes_of(graph_.type(cotangent)));
    }
    const Axes extra = axes_of(TensorType{{}, without(graph_.type(cotangent).dims, own)});
    NodeId sum = g.sum(cotangent, extra);
    if (!repeated.empty()) sum = g.mul(sum, g.count(repeated));
    return sum;
  }

  void visit_scan(NodeId id) {
    const auto found = items_.find(id);
    if (found == items_.end()) return;
    const ScanBody& body = *graph_[id].attributes.body;
    const Build g{graph_};
    std::vector<NodeId> results(body.next.size() + body.stacked.size(), kNoNode);
    for (const auto& [index, dy] : found->second) {
      results[index] = results[index] == kNoNode ? dy : g.add(results[index], dy);
    }
    const std::vector<NodeId> inputs = graph_[id].inputs;
    std::vector<char> needed;
    for (NodeId input : inputs) needed.push_back(varies(input) ? 1 : 0);
    const std::vector<NodeId> cotangents = scan_gradient(graph_, id, results, needed);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (cotangents[i] != kNoNode) add(inputs[i], cotangents[i]);
    }
  }

  struct Item {
    std::size_t index;
    NodeId dy;
  };
  Graph& graph_;
  std::vector<char> varies_;
  std::vector<std::vector<NodeId>> parts_;
  std::map<NodeId, std::vector<Item>> items_;
};

}  // namespace

std::vector<NodeId> reverse_sweep(Graph& graph, std::span<const NodeId> outputs,
                                  std::span<const NodeId> seeds, std::span<const NodeId> wrt) {
  const Span origin = graph.origin();
  Sweep sweep(graph, wrt);
  for (std::size_t i = 0; i < outputs.size(); ++i) sweep.add(outputs[i], seeds[i]);
  sweep.run();
  std::vector<NodeId> cotangents;
  for (NodeId id : wrt) cotangents.push_back(sweep.total(id));
  graph.set_origin(origin);
  return cotangents;
}

}  // namespace weft
