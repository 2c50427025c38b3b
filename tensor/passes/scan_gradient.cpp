#include "tensor/passes/scan_gradient.h"

#include <algorithm>
#include <map>

#include "tensor/ops/build.h"
#include "tensor/passes/copy_nodes.h"
#include "tensor/passes/reverse.h"
#include "tensor/scan.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// One summand of a captured input's gradient within a turn, in a form that can be taken over all turns at
/// once.
struct Summand {
  enum class Form { product, sum, rows, carried } form = Form::carried;
  NodeId node = kNoNode;
};

class ScanGradient {
 public:
  ScanGradient(Graph& graph, NodeId scan, const std::vector<NodeId>& results, const std::vector<char>& needed)
      : graph_(graph),
        scan_(scan),
        inputs_(graph[scan].inputs),
        forward_(*graph[scan].attributes.body),
        work_(forward_.graph),
        axis_(forward_.axis),
        results_(results),
        needed_(needed),
        before_(work_.size()) {}

  std::vector<NodeId> run() {
    find_active();
    if (seeded_.empty() && seeded_stacks_.empty()) return std::vector<NodeId>(inputs_.size(), kNoNode);
    differentiate();
    find_summands();
    collect();
    extend_forward();
    build_backward();
    emit_backward();
    return cotangents();
  }

 private:
  using Form = Summand::Form;

  NodeId slot(int i) const { return forward_.graph.inputs()[at(i)]; }
  bool is_walked(int i) const { return i >= forward_.carried && i < forward_.carried + forward_.walked; }
  bool is_real(NodeId id) const { return work_.type(id).element.kind == ElementKind::real; }

  // --- which carried values matter ---

  /// A carried value is active when it varies with an input asked for, and seeded when a cotangent reaches
  /// it: both may go around the loop several times before they are known.
  void find_active() {
    for (int i = 0; i < static_cast<int>(inputs_.size()); ++i) {
      if (needed_[at(i)] != 0 && is_real(slot(i))) active_.push_back(slot(i));
    }
    for (bool grew = true; grew;) {
      grew = false;
      const std::vector<char> varies = varying(work_, active_);
      for (int i = 0; i < forward_.carried; ++i) {
        if (varies[at(slot(i))] != 0 || varies[at(forward_.next[at(i)])] == 0) continue;
        active_.push_back(slot(i));
        grew = true;
      }
    }
    const std::vector<char> varies = varying(work_, active_);
    for (std::size_t j = 0; j < forward_.stacked.size(); ++j) {
      const NodeId dy = results_[forward_.next.size() + j];
      if (dy != kNoNode && varies[at(forward_.stacked[j])] != 0) seeded_stacks_.push_back(j);
    }
    std::vector<char> seeded(at(forward_.carried), 0);
    for (int i = 0; i < forward_.carried; ++i) {
      if (results_[at(i)] != kNoNode && varies[at(slot(i))] != 0) seeded[at(i)] = 1;
    }
    for (bool grew = true; grew;) {
      grew = false;
      const std::vector<char> reached = reached_from(seeded, varies);
      for (int i = 0; i < forward_.carried; ++i) {
        if (seeded[at(i)] != 0 || reached[at(slot(i))] == 0) continue;
        seeded[at(i)] = 1;
        grew = true;
      }
    }
    for (int i = 0; i < forward_.carried; ++i) {
      if (seeded[at(i)] != 0) seeded_.push_back(i);
    }
  }

  /// What the seeded results are computed from, through values that vary.
  std::vector<char> reached_from(const std::vector<char>& seeded, const std::vector<char>& varies) const {
    std::vector<char> reached(at(before_), 0);
    for (std::size_t j : seeded_stacks_) reached[at(forward_.stacked[j])] = 1;
    for (std::size_t i = 0; i < seeded.size(); ++i) {
      if (seeded[i] != 0 && varies[at(forward_.next[i])] != 0) reached[at(forward_.next[i])] = 1;
    }
    for (NodeId id = before_ - 1; id >= 0; --id) {
      if (reached[at(id)] == 0) continue;
      for (NodeId input : work_[id].inputs) {
        if (varies[at(input)] != 0) reached[at(input)] = 1;
      }
    }
    return reached;
  }

  // --- the gradient of one turn, in a copy of the body ---

  void differentiate() {
    std::vector<NodeId> outputs, seeds;
    for (int i : seeded_) {
      const NodeId seed = work_.input(work_.type(slot(i)));
      carried_seeds_.push_back(seed);
      seeds.push_back(seed);
      outputs.push_back(forward_.next[at(i)]);
    }
    for (std::size_t j : seeded_stacks_) {
      TensorType type = graph_.type(results_[forward_.next.size() + j]);
      type.dims = without(type.dims, {axis_.axis});
      const NodeId seed = work_.input(std::move(type));
      stack_seeds_.push_back(seed);
      seeds.push_back(seed);
      outputs.push_back(forward_.stacked[j]);
    }
    std::vector<NodeId> wrt;
    for (int i : seeded_) wrt.push_back(slot(i));
    for (int i = forward_.carried; i < static_cast<int>(inputs_.size()); ++i) {
      if (needed_[at(i)] != 0 && is_real(slot(i))) wrt.push_back(slot(i));
    }
    const std::vector<NodeId> found = reverse_sweep(work_, outputs, seeds, wrt);
    for (std::size_t i = 0; i < wrt.size(); ++i) turn_.emplace(wrt[i], found[i]);
    seed_dependent_.assign(at(work_.size()), 0);
    for (NodeId seed : seeds) seed_dependent_[at(seed)] = 1;
    for (NodeId id = before_; id < work_.size(); ++id) {
      for (NodeId input : work_[id].inputs) {
        if (seed_dependent_[at(input)] != 0) seed_dependent_[at(id)] = 1;
      }
    }
  }

  NodeId turn(NodeId input) const {
    const auto found = turn_.find(input);
    return found == turn_.end() ? kNoNode : found->second;
  }

  // --- gradients of captured inputs ---

  void find_summands() {
    for (int i = forward_.carried + forward_.walked; i < static_cast<int>(inputs_.size()); ++i) {
      const NodeId total = turn(slot(i));
      if (total == kNoNode) continue;
      std::vector<NodeId> open = {total};
      while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (work_[id].op == OpId::add && id >= before_) {
          open.insert(open.end(), work_[id].inputs.rbegin(), work_[id].inputs.rend());
          continue;
        }
        summands_[i].push_back({form_of(id), id});
      }
    }
  }

  Form form_of(NodeId id) const {
    const Node& node = work_[id];
    if (id < before_ || seed_dependent_[at(id)] == 0) return Form::carried;
    for (NodeId input : node.inputs) {
      if (work_.type(input).has(axis_.axis)) return Form::carried;
    }
    if (node.type.has(axis_.axis) || node.attributes.type.has(axis_.axis)) return Form::carried;
    switch (node.op) {
      case OpId::dot:
      case OpId::mul:
        return Form::product;
      case OpId::sum:
        return Form::sum;
      case OpId::scatter_add:
        return seed_dependent_[at(node.inputs.back())] != 0 ? Form::rows : Form::carried;
      default:
        return Form::carried;
    }
  }

  // --- what of the forward loop the backward loop reads ---

  enum class Source { inner, walked, captured, leaf, view, saved, seed };

  Source source(NodeId id) const {
    const Node& node = work_[id];
    if (again_[at(id)] != 0) return Source::inner;
    if (id >= before_) {
      if (node.op == OpId::input) return Source::seed;
      // A further result of a loop inside this one.
      if (node.op == OpId::item && node.inputs[0] < before_) return Source::saved;
      return Source::inner;
    }
    switch (node.op) {
      case OpId::input: {
        const int i = static_cast<int>(node.attributes.index);
        if (i < forward_.carried) return Source::saved;
        return is_walked(i) ? Source::walked : Source::captured;
      }
      case OpId::constant:
      case OpId::extent:
      case OpId::position:
        return Source::leaf;
      case OpId::rename:
      case OpId::merge:
      case OpId::split:
      case OpId::stop:
        return Source::view;
      case OpId::slice: {
        // Of what is there anyway; of a computed value only the part is worth keeping.
        const Source base = source(node.inputs[0]);
        return base == Source::walked || base == Source::captured ? Source::view : Source::saved;
      }
      default:
        return Source::saved;
    }
  }

  /// Plain arithmetic on what is read anyway (1 - z beside z) is sooner done twice than kept and fetched. Nodes are
  /// looked at from the last to the first, so what the gradient reads is marked by now.
  bool is_cheap_again(NodeId id) const {
    const Node& node = work_[id];
    switch (node.op) {
      case OpId::add:
      case OpId::sub:
      case OpId::mul:
      case OpId::neg:
      case OpId::where:
      case OpId::less:
      case OpId::logical_not: break;
      default: return false;
    }
    return id < before_ && std::all_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
             return read_[at(input)] != 0 || source(input) == Source::leaf;
           });
  }

  void collect() {
    again_.assign(at(work_.size()), 0);
    roots_.clear();
    for (const auto& [input, total] : turn_) {
      const bool captured =
          static_cast<int>(work_[input].attributes.index) >= forward_.carried + forward_.walked;
      if (total != kNoNode && !captured) roots_.push_back(total);
    }
    for (const auto& [input, list] : summands_) {
      for (const Summand& s : list) {
        if (s.form == Form::carried) {
          roots_.push_back(s.node);
        } else {
          for (NodeId operand : work_[s.node].inputs) roots_.push_back(operand);
        }
      }
    }
    read_.assign(at(work_.size()), 0);
    for (NodeId id : roots_) read_[at(id)] = 1;
    for (NodeId id = work_.size() - 1; id >= 0; --id) {
      if (read_[at(id)] == 0) continue;
      again_[at(id)] = is_cheap_again(id) ? 1 : 0;
      const Source from = source(id);
      if (from != Source::inner && from != Source::view) continue;
      for (NodeId input : work_[id].inputs) read_[at(input)] = 1;
    }
  }

  /// Gives the forward loop its further stacked results, and each an item.
  void extend_forward() {
    auto body = std::make_shared<ScanBody>(forward_);
    for (NodeId id = 0; id < before_; ++id) {
      if (work_[id].op == OpId::scan) body->graph.attributes(id).body = work_[id].attributes.body;
    }
    std::vector<std::pair<NodeId, std::size_t>> wanted;  // node of work_, number of the stacked result
    for (NodeId id = 0; id < work_.size(); ++id) {
      if (read_[at(id)] == 0 || source(id) != Source::saved) continue;
      NodeId value = id;
      if (id >= before_) value = body->graph.emit(OpId::item, work_[id].inputs, work_[id].attributes);
      if (work_.type(id).has(axis_.axis)) {
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
        return inputs_[work_[id].attributes.index];
      case Source::saved:
        return saved_.at(id);
      case Source::seed: {
        const auto found = std::find(stack_seeds_.begin(), stack_seeds_.end(), id);
        if (found == stack_seeds_.end()) return kNoNode;
        return results_[forward_.next.size() +
                        seeded_stacks_[static_cast<std::size_t>(found - stack_seeds_.begin())]];
      }
      default:
        return kNoNode;
    }
  }

  void build_backward() {
    inside_.assign(at(work_.size()), kNoNode);
    ScanBody& body = *backward_;
    body.axis = axis_;
    body.reverse = !forward_.reverse;

    const Build g{graph_};
    for (std::size_t k = 0; k < seeded_.size(); ++k) {
      const TensorType& type = work_.type(carried_seeds_[k]);
      inside_[at(carried_seeds_[k])] = body.graph.input(type);
      const NodeId last = results_[at(seeded_[k])];
      operands_.push_back(last == kNoNode ? graph_.constant(0, type) : g.arrange(last, type));
    }
    for (const auto& [i, list] : summands_) {
      if (!carries(list)) continue;
      const TensorType& type = work_.type(slot(i));
      accumulators_.emplace(i, body.graph.input(type));
      operands_.push_back(graph_.constant(0, type));
    }
    body.carried = static_cast<int>(operands_.size());
    for (const bool walked : {true, false}) {
      for (NodeId id = 0; id < work_.size(); ++id) {
        if (read_[at(id)] == 0 || inside_[at(id)] != kNoNode) continue;
        const NodeId outer = outer_operand(id);
        if (outer == kNoNode || walks(id, outer) != walked) continue;
        TensorType type = graph_.type(outer);
        if (walked) type.dims = without(type.dims, {axis_.axis});
        inside_[at(id)] = body.graph.input(std::move(type));
        operands_.push_back(outer);
        ++(walked ? body.walked : body.captured);
      }
    }
    for (NodeId id = 0; id < work_.size(); ++id) {
      if (read_[at(id)] == 0) continue;
      if (inside_[at(id)] == kNoNode) {
        inside_[at(id)] = copy_mapped(work_, id, body.graph, inside_);
      } else if (source(id) == Source::saved && work_.type(id).has(axis_.axis)) {
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

  static bool carries(const std::vector<Summand>& list) {
    return std::any_of(list.begin(), list.end(), [](const Summand& s) { return s.form == Form::carried; });
  }

  void close_body() {
    ScanBody& body = *backward_;
    const Build g{body.graph};
    for (int i : seeded_) {
      const TensorType type = work_.type(slot(i));
      const NodeId total = turn(slot(i));
      body.next.push_back(total == kNoNode ? body.graph.constant(0, type)
                                           : g.arrange(inside_[at(total)], type));
    }
    for (const auto& [i, accumulator] : accumulators_) {
      NodeId sum = accumulator;
      for (const Summand& s : summands_.at(i)) {
        if (s.form == Form::carried) sum = g.add(sum, inside_[at(s.node)]);
      }
      body.next.push_back(g.arrange(sum, work_.type(slot(i))));
    }
    for (int i = forward_.carried; i < forward_.carried + forward_.walked; ++i) {
      if (turn(slot(i)) != kNoNode) stack(turn(slot(i)));
    }
    for (const auto& [i, list] : summands_) {
      for (const Summand& s : list) {
        if (s.form == Form::carried) continue;
        for (NodeId operand : work_[s.node].inputs) {
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
        return !work_.type(id).has(axis_.axis);
      case Source::view:
        return !work_.type(id).has(axis_.axis) && is_outside(work_[id].inputs[0]);
      case Source::seed:
        return outer_operand(id) != kNoNode;
      case Source::inner:
        return false;
    }
    return false;
  }

  void emit_backward() { emitted_ = add_scan(graph_, backward_, operands_); }

  // --- the results ---

  /// A value over all turns, in the outer graph.
  NodeId outside(NodeId id) {
    if (const auto found = stack_number_.find(id); found != stack_number_.end()) {
      return emitted_.stacked[found->second];
    }
    if (const NodeId outer = outer_operand(id); outer != kNoNode) return outer;
    std::vector<NodeId> operands;
    for (NodeId input : work_[id].inputs) operands.push_back(outside(input));
    return copy_node(work_, id, graph_, std::move(operands));
  }

  /// A value summed over all turns; where it is the same in each, that many times it.
  NodeId summed(NodeId value) {
    const Build g{graph_};
    if (graph_.type(value).has(axis_.axis)) return g.sum(value, {axis_.axis});
    return g.mul(value, g.count({axis_}));
  }

  NodeId over_all_turns(const Summand& s) {
    const Build g{graph_};
    const Node& node = work_[s.node];
    Axes axes = node.attributes.axes;
    if (s.form == Form::rows) {
      std::vector<NodeId> operands;
      bool varies = false;
      for (NodeId input : node.inputs) {
        operands.push_back(outside(input));
        varies = varies || graph_.type(operands.back()).has(axis_.axis);
      }
      const NodeId rows = copy_node(work_, s.node, graph_, std::move(operands));
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
    for (std::size_t k = 0; k < seeded_.size(); ++k) {
      const std::size_t i = at(seeded_[k]);
      if (needed_[i] != 0) given[i] = emitted_.last[k];
    }
    for (int i = forward_.carried; i < forward_.carried + forward_.walked; ++i) {
      if (turn(slot(i)) != kNoNode) given[at(i)] = outside(turn(slot(i)));
    }
    std::size_t accumulator = seeded_.size();
    for (const auto& [i, list] : summands_) {
      NodeId sum = carries(list) ? emitted_.last[accumulator++] : kNoNode;
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
  Graph work_;              // its graph, with the gradient of a turn appended
  const Dim axis_;
  const std::vector<NodeId>& results_;
  const std::vector<char>& needed_;
  const NodeId before_;  // nodes of work_ from here on are the gradient's

  std::vector<NodeId> active_;  // body inputs to differentiate to
  std::vector<int> seeded_;     // carried inputs that have a cotangent
  std::vector<std::size_t> seeded_stacks_;
  std::vector<NodeId> carried_seeds_, stack_seeds_;
  std::map<NodeId, NodeId> turn_;  // body input -> its cotangent within a turn
  std::vector<char> seed_dependent_;
  std::map<int, std::vector<Summand>> summands_;  // captured input -> what its gradient is the sum of
  std::vector<NodeId> roots_;
  std::vector<char> read_;   // by the backward loop or after it
  std::vector<char> again_;  // of those, nodes of the forward body that are computed a second time
  std::optional<AxisId> aside_;
  std::map<NodeId, NodeId> saved_;  // -> item of the forward scan

  std::shared_ptr<ScanBody> backward_ = std::make_shared<ScanBody>(graph_.axes());
  std::vector<NodeId> operands_;
  std::vector<NodeId> inside_;  // work_ -> backward body
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
