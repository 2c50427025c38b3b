#include "tensor/passes/sink_views.h"

#include <algorithm>

#include "tensor/op.h"
#include "tensor/ops/common.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

constexpr int kDeepest = 16;  // of a chain that views sink through

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

class Sink {
 public:
  Sink(const Graph& graph, std::span<const NodeId> roots, std::vector<NodeId>& map)
      : graph_(graph),
        kept_(ancestors(graph, roots)),
        root_(kept_.size(), 0),
        readers_(kept_.size()),
        result_(graph.axes()),
        map_(map) {
    for (NodeId id : roots) root_[at(id)] = 1;
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (kept_[at(id)] == 0) continue;
      for (NodeId input : graph[id].inputs) readers_[at(input)].push_back(id);
    }
    map_.assign(kept_.size(), kNoNode);
  }

  Graph run() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const Node& node = graph_[id];
      if (kept_[at(id)] == 0 && node.op != OpId::input) continue;
      if (is_view(id) && gives_way(node.inputs[0])) {
        const NodeId sunk = view_of(node.inputs[0], node, 0);
        if (result_.type(sunk) == node.type) {
          map_[at(id)] = sunk;
          continue;
        }
      }
      map_[at(id)] = copy_mapped(graph_, id, result_, map_);
    }
    return std::move(result_);
  }

 private:
  bool is_view(NodeId id) const {
    const OpId op = graph_[id].op;
    return op == OpId::slice || op == OpId::rename || op == OpId::split;
  }
  bool is_elementwise(NodeId id) const {
    return op(graph_[id].op).kind == OpKind::elementwise || graph_[id].op == OpId::cast;
  }

  /// Whether all that reads the value are views of parts of it, and elementwise ops read those.
  bool gives_way(NodeId id) const {
    const std::vector<NodeId>& readers = readers_[at(id)];
    if (!is_elementwise(id) || root_[at(id)] != 0 || readers.empty()) return false;
    for (NodeId view : readers) {
      if (!is_view(view) || root_[at(view)] != 0 || readers_[at(view)].empty()) return false;
      for (NodeId reader : readers_[at(view)]) {
        if (!is_elementwise(reader)) return false;
      }
    }
    return readers.size() == 1 || apart(readers);
  }

  bool apart(const std::vector<NodeId>& slices) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> parts;
    for (NodeId id : slices) {
      const Attributes& a = graph_[id].attributes;
      if (graph_[id].op != OpId::slice || a.axes != graph_[slices[0]].attributes.axes) return false;
      const auto begin = a.extents[0].constant(), length = a.extents[1].constant();
      if (!begin || !length) return false;
      parts.emplace_back(*begin, *begin + *length);
    }
    std::sort(parts.begin(), parts.end());
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i].first < parts[i - 1].second) return false;
    }
    return true;
  }

  /// The view of the elementwise node's result, as the same op on views of its operands.
  NodeId view_of(NodeId id, const Node& view, int depth) {
    std::vector<NodeId> operands;
    for (NodeId input : graph_[id].inputs) {
      Attributes attributes = view.attributes;
      bool touched = false;
      if (view.op == OpId::rename) {
        attributes.axes.clear();
        attributes.to.clear();
        for (std::size_t i = 0; i < view.attributes.axes.size(); ++i) {
          if (!graph_.type(input).has(view.attributes.axes[i])) continue;
          attributes.axes.push_back(view.attributes.axes[i]);
          attributes.to.push_back(view.attributes.to[i]);
        }
        touched = !attributes.axes.empty();
      } else {
        touched = graph_.type(input).has(view.attributes.axes[0]);
      }
      if (!touched) {
        operands.push_back(map_[at(input)]);
      } else if (depth < kDeepest && is_elementwise(input) && root_[at(input)] == 0 &&
                 readers_[at(input)].size() == 1) {
        operands.push_back(view_of(input, view, depth + 1));
      } else {
        result_.set_origin(view.origin);
        operands.push_back(result_.emit(view.op, {map_[at(input)]}, std::move(attributes)));
      }
    }
    return copy_node(graph_, id, result_, std::move(operands));
  }

  const Graph& graph_;
  const std::vector<char> kept_;
  std::vector<char> root_;
  std::vector<std::vector<NodeId>> readers_;
  Graph result_;
  std::vector<NodeId>& map_;
};

}  // namespace

Graph sink_views(const Graph& graph, std::span<const NodeId> roots, std::vector<NodeId>& map) {
  return Sink(graph, roots, map).run();
}

}  // namespace weft
