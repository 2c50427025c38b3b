#include "tensor/passes/scan_gradient.h"

#include <algorithm>
#include <map>

#include "tensor/ops/build.h"
#include "tensor/passes/copy_nodes.h"
#include "tensor/passes/turn_sources.h"
#include "tensor/scan.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

class ScanGradient {
 public:
  ScanGradient(Graph& graph, NodeId scan, const std::vector<NodeId>& results, const std::vector<char>& needed)
      : graph_(graph),
        scan_(scan),
        inputs_(graph[scan].inputs),
        forward_(*graph[scan].attributes.body),
        axis_(forward_.axis),
        results_(results),
        needed_(needed),
        turn_(turn_gradient(forward_, types_of(graph, results), needed)) {
    for (int i = forward_.carried + forward_.walked; i < static_cast<int>(inputs_.size()); ++i) {
      if (cotangent(i) != kNoNode) captured_.emplace(i, summands(turn_, cotangent(i), axis_.axis));
    }
    sources_.emplace(forward_, turn_, roots());
  }

  std::vector<NodeId> run() {
    if (turn_.empty()) return std::vector<NodeId>(inputs_.size(), kNoNode);
    extend_forward();
    build_backward();
    emitted_ = add_scan(graph_, backward_, operands_);
    return cotangents();
  }

 private:
  using Form = Summand::Form;

  static std::vector<std::optional<TensorType>> types_of(const Graph& graph,
                                                         const std::vector<NodeId>& nodes) {
    std::vector<std::optional<TensorType>> types(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i] != kNoNode) types[i] = graph.type(nodes[i]);
    }
    return types;
  }

  const Graph& work() const { return turn_.graph; }
  Source source(NodeId id) const { return sources_->of(id); }
  bool is_read(NodeId id) const { return sources_->is_read(id); }
  NodeId slot(int i) const { return forward_.graph.inputs()[at(i)]; }
  NodeId cotangent(int i) const { return turn_.cotangents[at(i)]; }

  /// All that is computed in a turn, or has to be there after it.
  std::vector<NodeId> roots() const {
    std::vector<NodeId> nodes;
    for (int i = 0; i < forward_.carried + forward_.walked; ++i) {
      if (cotangent(i) != kNoNode) nodes.push_back(cotangent(i));
    }
    for (const auto& [input, list] : captured_) {
      for (const Summand& s : list) {
        const std::vector<NodeId>& operands = work()[s.node].inputs;
        if (s.form == Form::carried) {
          nodes.push_back(s.node);
        } else {
          nodes.insert(nodes.end(), operands.begin(), operands.end());
        }
      }
    }
    return nodes;
  }

  /// The item of a loop inside the forward one: that which an earlier gradient made, or a new one.
  static NodeId item_of(Graph& body, const Node& item) {
    for (NodeId id = item.inputs[0] + 1; id < body.size(); ++id) {
      const Node& node = body[id];
      if (node.op == OpId::item && node.inputs == item.inputs &&
          node.attributes.index == item.attributes.index) {
        return id;
      }
    }
    return body.emit(OpId::item, item.inputs, item.attributes);
  }

  /// Gives the forward loop its further stacked results, and each an item.
  void extend_forward() {
    auto body = std::make_shared<ScanBody>(forward_);
    for (NodeId id = 0; id < turn_.before; ++id) {
      if (work()[id].op == OpId::scan) body->graph.attributes(id).body = work()[id].attributes.body;
    }
    std::vector<std::pair<NodeId, std::size_t>> wanted;  // node of work(), number of the stacked result
    for (NodeId id = 0; id < work().size(); ++id) {
      if (!is_read(id) || source(id) != Source::saved) continue;
      NodeId value = id;
      if (id >= turn_.before) value = item_of(body->graph, work()[id]);
      if (work().type(id).has(axis_.axis)) {
        // It holds the axis already: kept under another name.
        if (!aside_) aside_ = graph_.axes().declare(graph_.axes().name(axis_.axis), axis_.extent);
        value = body->graph.emit(OpId::rename, {value}, {.axes = {axis_.axis}, .to = {*aside_}});
      }
      auto& stacked = body->stacked;
      const auto known = std::find(stacked.begin(), stacked.end(), value);
      wanted.emplace_back(id, static_cast<std::size_t>(known - stacked.begin()));
      if (known == stacked.end()) stacked.push_back(value);
    }
    graph_.attributes(scan_).body = body;
    for (const auto& [id, number] : wanted) {
      Attributes attributes;
      attributes.index = static_cast<std::uint32_t>(body->next.size() + number);
      saved_.emplace(id, graph_.emit(OpId::item, {scan_}, std::move(attributes)));
    }
  }

  // --- the backward loop ---

  /// The tensor of the outer graph that an operand of the backward loop is or is walked along.
  NodeId outer_operand(NodeId id) const {
    switch (source(id)) {
      case Source::walked:
      case Source::captured:
        return inputs_[work()[id].attributes.index];
      case Source::saved:
        return saved_.at(id);
      case Source::seed: {
        const auto& seeds = turn_.stacked_seeds;
        const auto found = std::find(seeds.begin(), seeds.end(), id);
        if (found == seeds.end()) return kNoNode;
        return results_[forward_.next.size() +
                        turn_.stacked[static_cast<std::size_t>(found - seeds.begin())]];
      }
      default:
        return kNoNode;
    }
  }

  void build_backward() {
    inside_.assign(at(work().size()), kNoNode);
    ScanBody& body = *backward_;
    body.axis = axis_;
    body.reverse = !forward_.reverse;

    const Build g{graph_};
    for (std::size_t k = 0; k < turn_.carried.size(); ++k) {
      const TensorType& type = work().type(turn_.carried_seeds[k]);
      inside_[at(turn_.carried_seeds[k])] = body.graph.input(type);
      const NodeId last = results_[at(turn_.carried[k])];
      operands_.push_back(last == kNoNode ? graph_.constant(0, type) : g.arrange(last, type));
    }
    for (const auto& [i, list] : captured_) {
      if (!any_carried(list)) continue;
      const TensorType& type = work().type(slot(i));
      accumulators_.emplace(i, body.graph.input(type));
      operands_.push_back(graph_.constant(0, type));
    }
    body.carried = static_cast<int>(operands_.size());
    for (const bool walked : {true, false}) {
      for (NodeId id = 0; id < work().size(); ++id) {
        if (!is_read(id) || inside_[at(id)] != kNoNode) continue;
        const NodeId outer = outer_operand(id);
        if (outer == kNoNode || walks(id, outer) != walked) continue;
        TensorType type = graph_.type(outer);
        if (walked) type.dims = without(type.dims, {axis_.axis});
        inside_[at(id)] = body.graph.input(std::move(type));
        operands_.push_back(outer);
        ++(walked ? body.walked : body.captured);
      }
    }
    for (NodeId id = 0; id < work().size(); ++id) {
      if (!is_read(id)) continue;
      if (inside_[at(id)] == kNoNode) {
        inside_[at(id)] = copy_mapped(work(), id, body.graph, inside_);
      } else if (source(id) == Source::saved && work().type(id).has(axis_.axis)) {
        inside_[at(id)] =
            body.graph.emit(OpId::rename, {inside_[at(id)]}, {.axes = {*aside_}, .to = {axis_.axis}});
      }
    }
    close_body();
  }

  bool walks(NodeId id, NodeId outer) const {
    if (source(id) == Source::captured) return false;
    return graph_.type(outer).has(axis_.axis);
  }

  void close_body() {
    ScanBody& body = *backward_;
    const Build g{body.graph};
    for (int i : turn_.carried) {
      const TensorType type = work().type(slot(i));
      const NodeId total = cotangent(i);
      body.next.push_back(total == kNoNode ? body.graph.constant(0, type)
                                           : g.arrange(inside_[at(total)], type));
    }
    for (const auto& [i, accumulator] : accumulators_) {
      NodeId sum = accumulator;
      for (const Summand& s : captured_.at(i)) {
        if (s.form == Form::carried) sum = g.add(sum, inside_[at(s.node)]);
      }
      body.next.push_back(g.arrange(sum, work().type(slot(i))));
    }
    for (int i = forward_.carried; i < forward_.carried + forward_.walked; ++i) {
      if (cotangent(i) != kNoNode) stack(cotangent(i));
    }
    for (const auto& [i, list] : captured_) {
      for (const Summand& s : list) {
        if (s.form == Form::carried) continue;
        for (NodeId operand : work()[s.node].inputs) {
          if (!is_outside(operand)) stack(operand);
        }
      }
    }
  }

  /// Makes a value of the backward body one of its stacked results, once.
  void stack(NodeId id) {
    if (!stack_number_.emplace(id, backward_->stacked.size()).second) return;
    backward_->stacked.push_back(inside_[at(id)]);
  }

  /// Whether a value is there for all turns without the backward loop.
  bool is_outside(NodeId id) const {
    switch (source(id)) {
      case Source::walked:
      case Source::captured:
      case Source::leaf:
        return true;
      case Source::saved:
        return !work().type(id).has(axis_.axis);
      case Source::view:
        return !work().type(id).has(axis_.axis) && is_outside(work()[id].inputs[0]);
      case Source::seed:
        return outer_operand(id) != kNoNode;
      case Source::inner:
        return false;
    }
    return false;
  }

  // --- the results ---

  /// A value over all turns, in the outer graph.
  NodeId outside(NodeId id) {
    if (const auto found = stack_number_.find(id); found != stack_number_.end()) {
      return emitted_.stacked[found->second];
    }
    if (const NodeId outer = outer_operand(id); outer != kNoNode) return outer;
    std::vector<NodeId> operands;
    for (NodeId input : work()[id].inputs) operands.push_back(outside(input));
    return copy_node(work(), id, graph_, std::move(operands));
  }

  /// A value summed over all turns; where it is the same in each, that many times it.
  NodeId summed(NodeId value) {
    const Build g{graph_};
    if (graph_.type(value).has(axis_.axis)) return g.sum(value, {axis_.axis});
    return g.mul(value, g.count({axis_}));
  }

  NodeId over_all_turns(const Summand& s) {
    const Build g{graph_};
    const Node& node = work()[s.node];
    Axes axes = node.attributes.axes;
    if (s.form == Form::rows) {
      std::vector<NodeId> operands;
      bool varies = false;
      for (NodeId input : node.inputs) {
        operands.push_back(outside(input));
        varies = varies || graph_.type(operands.back()).has(axis_.axis);
      }
      const NodeId rows = copy_node(work(), s.node, graph_, std::move(operands));
      return varies ? rows : summed(rows);
    }
    if (s.form == Form::sum) {
      const NodeId x = outside(node.inputs[0]);
      if (!graph_.type(x).has(axis_.axis)) return g.sum(summed(x), axes);
      axes.push_back(axis_.axis);
      return g.sum(x, axes);
    }
    NodeId a = outside(node.inputs[0]);
    NodeId b = outside(node.inputs[1]);
    if (graph_.type(a).has(axis_.axis) && graph_.type(b).has(axis_.axis)) {
      axes.insert(axes.begin(), axis_.axis);
    } else {
      (graph_.type(a).has(axis_.axis) ? a : b) = summed(graph_.type(a).has(axis_.axis) ? a : b);
    }
    return g.dot(a, b, axes);
  }

  std::vector<NodeId> cotangents() {
    std::vector<NodeId> given(inputs_.size(), kNoNode);
    for (std::size_t k = 0; k < turn_.carried.size(); ++k) {
      const std::size_t i = at(turn_.carried[k]);
      if (needed_[i] != 0) given[i] = emitted_.last[k];
    }
    for (int i = forward_.carried; i < forward_.carried + forward_.walked; ++i) {
      if (cotangent(i) != kNoNode) given[at(i)] = outside(cotangent(i));
    }
    std::size_t accumulator = turn_.carried.size();
    for (const auto& [i, list] : captured_) {
      NodeId sum = any_carried(list) ? emitted_.last[accumulator++] : kNoNode;
      for (const Summand& s : list) {
        if (s.form == Form::carried) continue;
        const NodeId part = over_all_turns(s);
        sum = sum == kNoNode ? part : Build{graph_}.add(sum, part);
      }
      given[at(i)] = sum;
    }
    return given;
  }

  Graph& graph_;
  const NodeId scan_;
  const std::vector<NodeId> inputs_;
  const ScanBody forward_;  // as it was
  const Dim axis_;
  const std::vector<NodeId>& results_;
  const std::vector<char>& needed_;
  const TurnGradient turn_;
  std::map<int, std::vector<Summand>> captured_;  // input -> what its gradient is the sum of
  std::optional<TurnSources> sources_;

  std::optional<AxisId> aside_;
  std::map<NodeId, NodeId> saved_;  // -> item of the forward scan

  std::shared_ptr<ScanBody> backward_ = std::make_shared<ScanBody>(graph_.axes());
  std::vector<NodeId> operands_;
  std::vector<NodeId> inside_;  // work() -> backward body
  std::map<int, NodeId> accumulators_;
  std::map<NodeId, std::size_t> stack_number_;
  ScanResult emitted_;
};

}  // namespace

std::vector<NodeId> scan_gradient(Graph& graph, NodeId scan, const std::vector<NodeId>& results,
                                  const std::vector<char>& needed) {
  return ScanGradient(graph, scan, results, needed).run();
}

}  // namespace weft
