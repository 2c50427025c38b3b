#include "tensor/passes/fusion.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <string>
#include <unordered_map>

#include "tensor/op.h"
#include "tensor/ops/common.h"
#include "tensor/passes/copy_nodes.h"
#include "tensor/passes/sink_views.h"
#include "tensor/plan/liveness.h"

namespace weft {

namespace {

/// So many nodes and operands a kernel call can keep.
constexpr std::size_t kMostNodes = 56;
constexpr std::size_t kMostValues = 72;
/// Nodes that only share an operand are joined where they are near each other: values live shorter.
constexpr NodeId kNear = 64;

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// What a plan is for.
struct Target {
  const Bindings& extents;
  DType real;
};

Graph fused(const Graph& graph, std::span<const NodeId> kept, std::span<const NodeId> roots,
            const Target& target, std::vector<NodeId>& map);

std::shared_ptr<ScanBody> fused_body(const ScanBody& body, const planning::ScanLiveness& live,
                                     const Target& target) {
  std::vector<NodeId> kept = body.next, roots;
  kept.insert(kept.end(), body.stacked.begin(), body.stacked.end());
  for (std::size_t i = 0; i < body.next.size(); ++i) {
    if (live.carried[i]) roots.push_back(body.next[i]);
  }
  for (std::size_t i = 0; i < body.stacked.size(); ++i) {
    if (live.results[body.next.size() + i]) roots.push_back(body.stacked[i]);
  }
  std::vector<NodeId> map;
  auto result = std::make_shared<ScanBody>(body);
  result->graph = fused(body.graph, kept, roots, target, map);
  for (NodeId& id : result->next) id = map[at(id)];
  for (NodeId& id : result->stacked) id = map[at(id)];
  return result;
}

/// One graph: the whole one, or a loop's body.
class Fusion {
 public:
  Fusion(const Graph& graph, std::span<const NodeId> kept, std::span<const NodeId> roots,
         const Target& target)
      : graph_(graph),
        target_(target),
        live_(planning::find_live(graph, roots)),
        kept_(ancestors(graph, kept)),
        root_(size(), 0),
        epoch_(size(), 0),
        space_(size(), kNone),
        level_(size(), 0),
        readers_(size()),
        cluster_(size(), kNone) {
    for (NodeId id : kept) root_[at(id)] = 1;
    int epoch = 0;
    for (NodeId id = 0; id < graph.size(); ++id) {
      epoch_[at(id)] = epoch;
      if (op(graph[id].op).in_place >= 0) ++epoch;
      if (kept_[at(id)] == 0) continue;
      for (NodeId input : graph[id].inputs) {
        if (readers_[at(input)].empty() || readers_[at(input)].back() != id)
          readers_[at(input)].push_back(id);
      }
    }
    number_spaces();
    find_rows();
  }

  Graph run(std::vector<NodeId>& map) {
    set_levels();
    raise_levels();
    join();
    map.assign(size(), kNoNode);
    Graph result(graph_.axes());
    emit(result, map);
    return result;
  }

 private:
  static constexpr int kNone = -1;

  std::size_t size() const { return static_cast<std::size_t>(graph_.size()); }
  const Node& node(NodeId id) const { return graph_[id]; }
  bool is_uniform(NodeId id) const { return node(id).op == OpId::constant || node(id).op == OpId::extent; }
  bool may_join(NodeId id) const { return cluster_[at(id)] == kCandidate; }

  /// Gives nodes with the same axes, in whatever order, the same number, and marks those that can be joined.
  void number_spaces() {
    std::unordered_map<std::string, int> known;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      std::vector<std::string> dims;
      for (const Dim& dim : node(id).type.dims) {
        std::string text = std::to_string(static_cast<std::int64_t>(dim.axis));
        for (const Extent::Term& term : dim.extent.terms()) {
          text += '+' + std::to_string(term.coefficient);
          for (SymbolId factor : term.factors)
            text += '*' + std::to_string(static_cast<std::int64_t>(factor));
        }
        dims.push_back(std::move(text));
      }
      std::sort(dims.begin(), dims.end());
      std::string key;
      for (const std::string& dim : dims) key += dim + ',';
      const int number = known.emplace(std::move(key), static_cast<int>(known.size())).first->second;
      space_[at(id)] = number;
      if (!live_.nodes[at(id)] || kept_[at(id)] == 0) continue;
      const OpId op = node(id).op;
      if (weft::op(op).kind == OpKind::elementwise || op == OpId::cast || op == OpId::dropout) {
        cluster_[at(id)] = kCandidate;
      } else if (op == OpId::concat && joins_same(id)) {
        cluster_[at(id)] = kCandidate;
        space_[at(id)] = space_[at(node(id).inputs[0])];
      }
    }
  }

  bool is_fold(NodeId id) const {
    return node(id).op == OpId::sum || node(id).op == OpId::mean || node(id).op == OpId::max;
  }

  /// Rows that sums and the like fold to one element: the innermost axes of a space. What has one element a
  /// row is then computed row by row, with what it is made of and what is made of it.
  void find_rows() {
    home_ = space_;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (is_fold(id) && live_.nodes[at(id)] && kept_[at(id)] != 0 && folds_rows(id)) {
        const NodeId x = node(id).inputs[0];
        const auto known = rows_.emplace(space_[at(x)], graph_.type(x).dims).first;
        if (known->second != graph_.type(x).dims) continue;
        cluster_[at(id)] = kCandidate;
        home_[at(id)] = space_[at(x)];
        continue;
      }
      // Concats are of whole values, and dropout counts elements.
      if (!may_join(id) || node(id).op == OpId::concat || node(id).op == OpId::dropout) continue;
      for (NodeId input : node(id).inputs) {
        if (!is_narrow(input) || space_[at(input)] != space_[at(id)]) continue;
        home_[at(id)] = home_[at(input)];
        break;
      }
    }
  }

  /// Whether the node folds the innermost axes of a value that lies in their order, in rows of a length that
  /// a tile can have.
  bool folds_rows(NodeId id) const {
    const TensorType& x = graph_.type(node(id).inputs[0]);
    const Axes& axes = node(id).attributes.axes;
    // A view, or a tensor from outside, may lie in another order than its type has.
    NodeId source = node(id).inputs[0];
    while (node(source).op == OpId::rename) source = node(source).inputs[0];
    const OpId from = node(source).op;
    const bool elsewhere = from == OpId::input || (op(from).kind == OpKind::view && from != OpId::item);
    if (elsewhere || axes.empty() || x.element.kind != ElementKind::real) return false;
    std::int64_t length = 1;
    for (std::size_t i = 0; i < x.dims.size(); ++i) {
      const bool inner = i + axes.size() >= x.dims.size();
      if (contains(axes, x.dims[i].axis) != inner) return false;
      if (!inner) continue;
      const auto extent = graph_.axes().symbols().evaluate(x.dims[i].extent, target_.extents);
      if (!extent || *extent < 1 || *extent > kLongestRow) return false;
      length *= *extent;
      if (length > kLongestRow) return false;
    }
    const std::int64_t longest = target_.real == DType::f64 ? kLongestRow / 2 : kLongestRow;
    // Random numbers come in fours: a row may begin within one.
    return length >= kShortestRow && length <= longest && (length % 4 == 0 || length <= longest - 4);
  }

  /// One element a row.
  bool is_narrow(NodeId id) const { return home_[at(id)] != space_[at(id)]; }

  /// A concat of values of one space, of which it has every axis.
  bool joins_same(NodeId id) const {
    const std::vector<NodeId>& inputs = node(id).inputs;
    return std::all_of(inputs.begin(), inputs.end(),
                       [&](NodeId input) {
                         return space_[at(input)] == space_[at(inputs[0])] && node(input).op != OpId::concat;
                       }) &&
           node(id).type.dims.size() <= graph_.type(inputs[0]).dims.size() + 1;
  }

  /// 0: b can be computed with a, whose value it reads; else 1.
  int step(NodeId a, NodeId b) const {
    return may_join(a) && may_join(b) && home_[at(a)] == home_[at(b)] && epoch_[at(a)] == epoch_[at(b)] &&
                   node(a).op != OpId::concat
               ? 0
               : 1;
  }

  void set_levels() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      for (NodeId input : node(id).inputs)
        level_[at(id)] = std::max(level_[at(id)], level_[at(input)] + step(input, id));
    }
  }

  void raise_levels() {
    for (NodeId id = graph_.size() - 1; id >= 0; --id) {
      if (!may_join(id) || node(id).op == OpId::concat || is_fold(id) || root_[at(id)] != 0 ||
          readers_[at(id)].empty())
        continue;
      int least = level_[at(readers_[at(id)][0])] + 1;
      for (NodeId reader : readers_[at(id)]) least = std::min(least, level_[at(reader)] - step(id, reader));
      const bool joined = std::any_of(readers_[at(id)].begin(), readers_[at(id)].end(), [&](NodeId reader) {
        return step(id, reader) == 0 && level_[at(reader)] == least;
      });
      // Otherwise the node's own value would be what is kept.
      if (least > level_[at(id)] && joined && kept_longer(id, least, 0) <= 1) level_[at(id)] = least;
    }
  }

  /// How many values live longer if the node, and what only it reads, is computed on a higher level.
  int kept_longer(NodeId id, int level, int depth) const {
    constexpr int kTooMany = 100;
    int count = 0;
    const std::vector<NodeId>& inputs = node(id).inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const NodeId input = inputs[i];
      if (std::find(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(i), input) !=
          inputs.begin() + static_cast<std::ptrdiff_t>(i))
        continue;
      // What is small, or there all the time, costs nothing.
      if (space_[at(input)] != space_[at(id)] || is_uniform(input) || node(input).op == OpId::input) continue;
      const std::vector<NodeId>& readers = readers_[at(input)];
      const auto some = [&](auto&& holds) { return std::any_of(readers.begin(), readers.end(), holds); };
      if (some([&](NodeId reader) { return reader != id && level_[at(reader)] >= level; })) continue;
      const bool joined =
          step(input, id) == 0 && level_[at(input)] == level_[at(id)] && root_[at(input)] == 0;
      const bool stored = !joined || some([&](NodeId reader) {
        return step(input, reader) != 0 || level_[at(reader)] != level_[at(input)];
      });
      if (stored) {
        ++count;
      } else if (readers.size() == 1 && depth < 8) {
        count += kept_longer(input, level, depth + 1);
      } else {
        count += kTooMany;
      }
    }
    return count;
  }

  void join() {
    std::vector<NodeId> parent(size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto find = [&](NodeId id) {
      while (parent[at(id)] != id) id = parent[at(id)] = parent[at(parent[at(id)])];
      return id;
    };
    const auto unite = [&](NodeId a, NodeId b) {
      a = find(a);
      b = find(b);
      parent[at(std::max(a, b))] = std::min(a, b);
    };
    for (NodeId id = 0; id < graph_.size(); ++id) {
      NodeId last = kNoNode;
      for (NodeId reader : readers_[at(id)]) {
        if (!may_join(reader)) continue;
        if (step(id, reader) == 0 && level_[at(id)] == level_[at(reader)]) unite(id, reader);
        if (is_uniform(id) || space_[at(id)] != space_[at(reader)]) continue;
        if (last != kNoNode && reader - last <= kNear && level_[at(last)] == level_[at(reader)] &&
            home_[at(last)] == home_[at(reader)] && epoch_[at(last)] == epoch_[at(reader)])
          unite(last, reader);
        last = reader;
      }
    }
    // In the order of the ids, so that a part never reads a later one.
    std::unordered_map<NodeId, int> open;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (!may_join(id)) continue;
      const NodeId first = find(id);
      const auto known = open.find(first);
      if (known == open.end() || !takes(clusters_[static_cast<std::size_t>(known->second)], id)) {
        open[first] = static_cast<int>(clusters_.size());
        clusters_.emplace_back();
      }
      add(clusters_[static_cast<std::size_t>(open[first])], id);
    }
    std::fill(cluster_.begin(), cluster_.end(), kNone);
    for (std::size_t i = 0; i < clusters_.size(); ++i) {
      const std::vector<NodeId>& members = clusters_[i].members;
      const bool computes =
          std::any_of(members.begin(), members.end(), [&](NodeId id) { return node(id).op != OpId::concat; });
      if (members.size() < 2 || !computes) continue;
      for (NodeId id : members) cluster_[at(id)] = static_cast<int>(i);
    }
  }

  struct Cluster {
    std::vector<NodeId> members;
    std::vector<NodeId> outside;              // what they read
    const std::vector<Dim>* order = nullptr;  // that its elements have to be walked in
    std::size_t narrow = 0;
  };

  /// Dropout counts elements in an order of its own; rows are innermost.
  const std::vector<Dim>* order_of(NodeId id) const {
    if (node(id).op == OpId::dropout) return &node(id).type.dims;
    return is_narrow(id) ? &rows_.at(home_[at(id)]) : nullptr;
  }

  bool takes(const Cluster& cluster, NodeId id) const {
    if (cluster.members.size() >= kMostNodes) return false;
    if (cluster.members.size() + cluster.narrow + cluster.outside.size() + node(id).inputs.size() >=
        kMostValues)
      return false;
    const std::vector<Dim>* order = order_of(id);
    return order == nullptr || cluster.order == nullptr || *order == *cluster.order;
  }

  void add(Cluster& cluster, NodeId id) const {
    for (NodeId input : node(id).inputs) {
      const auto among = [input](const std::vector<NodeId>& list) {
        return std::find(list.begin(), list.end(), input) != list.end();
      };
      if (!among(cluster.members) && !among(cluster.outside)) cluster.outside.push_back(input);
    }
    cluster.members.push_back(id);
    if (order_of(id) != nullptr) cluster.order = order_of(id);
    if (is_narrow(id)) ++cluster.narrow;
  }

  /// The nodes by units that are emitted at once: clusters, and what is in none. A unit that could come next
  /// does so where its first node stood.
  void emit(Graph& result, std::vector<NodeId>& map) {
    const std::size_t clusters = clusters_.size();
    const auto unit_of = [&](NodeId id) {
      return cluster_[at(id)] != kNone ? static_cast<std::size_t>(cluster_[at(id)]) : clusters + at(id);
    };
    std::vector<std::int32_t> waits(clusters + size(), 0);
    std::vector<NodeId> after_effect(size(), kNoNode);
    std::vector<NodeId> first(clusters + size(), kNoNode);
    NodeId effect = kNoNode;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (kept_[at(id)] == 0 && node(id).op != OpId::input) continue;
      const std::size_t unit = unit_of(id);
      if (first[unit] == kNoNode) first[unit] = id;
      for (NodeId reader : readers_[at(id)]) {
        if (unit_of(reader) != unit) ++waits[unit_of(reader)];
      }
      if (op(node(id).op).in_place < 0) continue;
      if (effect != kNoNode) {
        after_effect[at(effect)] = id;
        ++waits[unit];
      }
      effect = id;
    }
    using Ready = std::pair<NodeId, std::size_t>;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    for (std::size_t unit = 0; unit < first.size(); ++unit) {
      if (first[unit] != kNoNode && waits[unit] == 0) ready.emplace(first[unit], unit);
    }
    const auto release = [&](std::size_t unit) {
      if (--waits[unit] == 0) ready.emplace(first[unit], unit);
    };
    // Inputs first, so that slots keep their numbers.
    for (NodeId id : graph_.inputs()) map[at(id)] = copy_mapped(graph_, id, result, map);
    while (!ready.empty()) {
      const std::size_t unit = ready.top().second;
      ready.pop();
      std::vector<NodeId> alone;
      if (unit < clusters) {
        emit_cluster(clusters_[unit], result, map);
      } else {
        alone.push_back(static_cast<NodeId>(unit - clusters));
        emit_node(alone[0], result, map);
      }
      for (NodeId id : unit < clusters ? clusters_[unit].members : alone) {
        for (NodeId reader : readers_[at(id)]) {
          if (unit_of(reader) != unit) release(unit_of(reader));
        }
        if (after_effect[at(id)] != kNoNode) release(unit_of(after_effect[at(id)]));
      }
    }
  }

  void emit_node(NodeId id, Graph& result, std::vector<NodeId>& map) const {
    if (node(id).op == OpId::input) return;
    // A constant that only clusters read is in them.
    const bool taken = std::all_of(readers_[at(id)].begin(), readers_[at(id)].end(),
                                   [&](NodeId reader) { return cluster_[at(reader)] != kNone; });
    if (is_uniform(id) && root_[at(id)] == 0 && taken) return;
    map[at(id)] = copy_mapped(graph_, id, result, map);
    if (node(id).op != OpId::scan) return;
    const auto live = live_.scans.find(id);
    if (live == live_.scans.end()) return;
    Attributes& attributes = result.attributes(map[at(id)]);
    attributes.body = fused_body(*node(id).attributes.body, live->second, target_);
  }

  void emit_cluster(const Cluster& cluster, Graph& result, std::vector<NodeId>& map) const {
    auto body = std::make_shared<ScanBody>(graph_.axes());
    std::unordered_map<NodeId, NodeId> inside;
    std::vector<NodeId> operands, given;
    for (NodeId id : cluster.members) {
      std::vector<NodeId> inputs;
      for (NodeId input : node(id).inputs) {
        auto known = inside.find(input);
        if (known == inside.end()) {
          NodeId value = kNoNode;
          if (is_uniform(input)) {
            value = copy_node(graph_, input, body->graph, {});
          } else {
            operands.push_back(map[at(input)]);
            value = body->graph.input(result.type(map[at(input)]));
          }
          known = inside.emplace(input, value).first;
        }
        inputs.push_back(known->second);
      }
      inside[id] = copy_node(graph_, id, body->graph, std::move(inputs));
    }
    for (NodeId id : cluster.members) {
      const bool leaves = root_[at(id)] != 0 ||
                          std::any_of(readers_[at(id)].begin(), readers_[at(id)].end(), [&](NodeId reader) {
                            return cluster_[at(reader)] != cluster_[at(id)];
                          });
      if (!leaves) continue;
      given.push_back(id);
      body->stacked.push_back(inside.at(id));
    }
    Attributes attributes;
    // With nothing but one element a row, these are a space like any other.
    const bool all_narrow = std::all_of(cluster.members.begin(), cluster.members.end(),
                                        [&](NodeId id) { return is_narrow(id) && !is_fold(id); });
    const std::vector<Dim>* order = all_narrow ? nullptr : cluster.order;
    for (std::size_t i = 0; order == nullptr; ++i) {
      const NodeId like = i < given.size() ? given[i] : cluster.members[i - given.size()];
      if (node(like).op != OpId::concat) order = &graph_.type(like).dims;
    }
    attributes.type.dims = *order;
    attributes.body = std::move(body);
    result.set_origin(node(cluster.members.back()).origin);
    const NodeId call = result.emit(OpId::fused, std::move(operands), std::move(attributes));
    for (std::size_t i = 0; i < given.size(); ++i) {
      result.set_origin(node(given[i]).origin);
      map[at(given[i])] = result.emit(OpId::item, {call}, {.index = static_cast<std::uint32_t>(i)});
    }
  }

  static constexpr int kCandidate = -2;

  static constexpr std::int64_t kShortestRow = 32, kLongestRow = 1024;

  const Graph& graph_;
  const Target& target_;
  const planning::Liveness live_;
  const std::vector<char> kept_;
  std::vector<char> root_;
  std::vector<int> epoch_;  // how many effects come before
  std::vector<int> space_;
  std::vector<int> home_;                           // the space it is computed in
  std::unordered_map<int, std::vector<Dim>> rows_;  // of spaces with rows: the order they lie in
  std::vector<int> level_;
  std::vector<std::vector<NodeId>> readers_;
  std::vector<Cluster> clusters_;
  std::vector<int> cluster_;
};

/// `kept`: what has to be in the result; `roots`: what of it is asked for.
Graph fused(const Graph& graph, std::span<const NodeId> kept, std::span<const NodeId> roots,
            const Target& target, std::vector<NodeId>& map) {
  const Graph sunk = sink_views(graph, kept, map);
  std::vector<NodeId> kept_there, roots_there, then;
  for (NodeId id : kept) kept_there.push_back(map[at(id)]);
  for (NodeId id : roots) roots_there.push_back(map[at(id)]);
  Graph result = Fusion(sunk, kept_there, roots_there, target).run(then);
  for (NodeId& id : map) id = id == kNoNode ? kNoNode : then[at(id)];
  return result;
}

}  // namespace

SharedGraph fuse_elementwise(const Graph& graph, std::span<const NodeId> outputs,
                             std::span<const NodeId> effects, const Bindings& extents, DType real) {
  std::vector<NodeId> roots(outputs.begin(), outputs.end());
  roots.insert(roots.end(), effects.begin(), effects.end());
  std::vector<NodeId> map;
  SharedGraph result{fused(graph, roots, roots, {extents, real}, map), {}, {}};
  for (NodeId id : outputs) result.outputs.push_back(map[at(id)]);
  for (NodeId id : effects) result.effects.push_back(map[at(id)]);
  return result;
}

}  // namespace weft
