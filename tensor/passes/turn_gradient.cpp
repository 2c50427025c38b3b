#include "tensor/passes/turn_gradient.h"

#include <algorithm>

#include "tensor/ops/common.h"
#include "tensor/passes/reverse.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

class Turn {
 public:
  Turn(const ScanBody& body, const std::vector<std::optional<TensorType>>& results,
       const std::vector<char>& needed)
      : body_(body), results_(results), needed_(needed), turn_{body.graph, body.graph.size(),
                                                               {},         {},
                                                               {},         {},
                                                               {},         {}} {}

  TurnGradient run() {
    find_active();
    find_seeded();
    turn_.cotangents.assign(slots().size(), kNoNode);
    if (!turn_.empty()) differentiate();
    return std::move(turn_);
  }

 private:
  const std::vector<NodeId>& slots() const { return body_.graph.inputs(); }
  bool wants(std::size_t i) const {
    return needed_[i] != 0 && body_.graph.type(slots()[i]).element.kind == ElementKind::real;
  }

  void find_active() {
    std::vector<NodeId> active;
    for (std::size_t i = 0; i < slots().size(); ++i) {
      if (wants(i)) active.push_back(slots()[i]);
    }
    for (bool grew = true; grew;) {
      grew = false;
      varies_ = varying(body_.graph, active);
      for (std::size_t i = 0; i < body_.next.size(); ++i) {
        if (varies_[at(slots()[i])] != 0 || varies_[at(body_.next[i])] == 0) continue;
        active.push_back(slots()[i]);
        grew = true;
      }
    }
  }

  void find_seeded() {
    for (std::size_t j = 0; j < body_.stacked.size(); ++j) {
      if (results_[body_.next.size() + j] && varies_[at(body_.stacked[j])] != 0) turn_.stacked.push_back(j);
    }
    std::vector<char> seeded(body_.next.size(), 0);
    for (std::size_t i = 0; i < seeded.size(); ++i) {
      if (results_[i] && varies_[at(slots()[i])] != 0) seeded[i] = 1;
    }
    for (bool grew = true; grew;) {
      grew = false;
      const std::vector<char> reached = reached_from(seeded);
      for (std::size_t i = 0; i < seeded.size(); ++i) {
        if (seeded[i] != 0 || reached[at(slots()[i])] == 0) continue;
        seeded[i] = 1;
        grew = true;
      }
    }
    for (std::size_t i = 0; i < seeded.size(); ++i) {
      if (seeded[i] != 0) turn_.carried.push_back(static_cast<int>(i));
    }
  }

  /// What the seeded results are computed from, through values that vary.
  std::vector<char> reached_from(const std::vector<char>& seeded) const {
    std::vector<char> reached(at(turn_.before), 0);
    for (std::size_t j : turn_.stacked) reached[at(body_.stacked[j])] = 1;
    for (std::size_t i = 0; i < seeded.size(); ++i) {
      if (seeded[i] != 0 && varies_[at(body_.next[i])] != 0) reached[at(body_.next[i])] = 1;
    }
    for (NodeId id = turn_.before - 1; id >= 0; --id) {
      if (reached[at(id)] == 0) continue;
      for (NodeId input : body_.graph[id].inputs) {
        if (varies_[at(input)] != 0) reached[at(input)] = 1;
      }
    }
    return reached;
  }

  void differentiate() {
    std::vector<NodeId> outputs, seeds, wrt;
    std::vector<std::size_t> numbers;
    for (int i : turn_.carried) {
      turn_.carried_seeds.push_back(turn_.graph.input(body_.graph.type(slots()[at(i)])));
      outputs.push_back(body_.next[at(i)]);
      numbers.push_back(at(i));
    }
    for (std::size_t j : turn_.stacked) {
      TensorType type = *results_[body_.next.size() + j];
      type.dims = without(type.dims, {body_.axis.axis});
      turn_.stacked_seeds.push_back(turn_.graph.input(std::move(type)));
      outputs.push_back(body_.stacked[j]);
    }
    seeds = turn_.carried_seeds;
    seeds.insert(seeds.end(), turn_.stacked_seeds.begin(), turn_.stacked_seeds.end());
    for (std::size_t i = body_.next.size(); i < slots().size(); ++i) {
      if (wants(i)) numbers.push_back(i);
    }
    for (std::size_t i : numbers) wrt.push_back(slots()[i]);
    const std::vector<NodeId> found = reverse_sweep(turn_.graph, outputs, seeds, wrt);
    for (std::size_t k = 0; k < numbers.size(); ++k) turn_.cotangents[numbers[k]] = found[k];

    turn_.varies.assign(at(turn_.graph.size()), 0);
    for (NodeId seed : seeds) turn_.varies[at(seed)] = 1;
    for (NodeId id = turn_.before; id < turn_.graph.size(); ++id) {
      for (NodeId input : turn_.graph[id].inputs) {
        if (turn_.varies[at(input)] != 0) turn_.varies[at(id)] = 1;
      }
    }
  }

  const ScanBody& body_;
  const std::vector<std::optional<TensorType>>& results_;
  const std::vector<char>& needed_;
  std::vector<char> varies_;  // of the body, with the inputs asked for
  TurnGradient turn_;
};

Summand::Form form_of(const TurnGradient& turn, NodeId id, AxisId scanned) {
  using Form = Summand::Form;
  const Node& node = turn.graph[id];
  if (id < turn.before || turn.varies[at(id)] == 0) return Form::carried;
  // What holds the scan's axis already can't get it a second time.
  for (NodeId input : node.inputs) {
    if (turn.graph.type(input).has(scanned)) return Form::carried;
  }
  if (node.type.has(scanned) || node.attributes.type.has(scanned)) return Form::carried;
  switch (node.op) {
    case OpId::dot:
    case OpId::mul:
      return Form::product;
    case OpId::sum:
      return Form::sum;
    case OpId::scatter_add:
      return turn.varies[at(node.inputs.back())] != 0 ? Form::rows : Form::carried;
    default:
      return Form::carried;
  }
}

}  // namespace

TurnGradient turn_gradient(const ScanBody& body, const std::vector<std::optional<TensorType>>& results,
                           const std::vector<char>& needed) {
  return Turn(body, results, needed).run();
}

std::vector<Summand> summands(const TurnGradient& turn, NodeId cotangent, AxisId scanned) {
  // Sums of sums that share parts would fall apart into ever more.
  constexpr std::size_t kMost = 32;
  std::vector<Summand> list;
  std::vector<NodeId> open = {cotangent};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    const Node& node = turn.graph[id];
    if (node.op == OpId::add && id >= turn.before) {
      open.insert(open.end(), node.inputs.rbegin(), node.inputs.rend());
    } else {
      list.push_back({form_of(turn, id, scanned), id});
    }
    if (list.size() + open.size() > kMost) return {{Summand::Form::carried, cotangent}};
  }
  return list;
}

bool any_carried(const std::vector<Summand>& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const Summand& s) { return s.form == Summand::Form::carried; });
}

}  // namespace weft
