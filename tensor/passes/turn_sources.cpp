#include "tensor/passes/turn_sources.h"

#include <algorithm>

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

}  // namespace

TurnSources::TurnSources(const ScanBody& body, const TurnGradient& turn, std::span<const NodeId> roots)
    : body_(body), turn_(turn), read_(at(turn.graph.size()), 0), again_(at(turn.graph.size()), 0) {
  for (NodeId id : roots) read_[at(id)] = 1;
  for (NodeId id = turn.graph.size() - 1; id >= 0; --id) {
    if (read_[at(id)] == 0) continue;
    again_[at(id)] = is_cheap_again(id) ? 1 : 0;
    const Source from = of(id);
    if (from != Source::inner && from != Source::view) continue;
    for (NodeId input : turn.graph[id].inputs) read_[at(input)] = 1;
  }
}

Source TurnSources::of(NodeId id) const {
  const Node& node = turn_.graph[id];
  if (again_[at(id)] != 0) return Source::inner;
  if (id >= turn_.before) {
    if (node.op == OpId::input) return Source::seed;
    // A further result of a loop inside this one.
    if (node.op == OpId::item && node.inputs[0] < turn_.before) return Source::saved;
    return Source::inner;
  }
  switch (node.op) {
    case OpId::input: {
      const int i = static_cast<int>(node.attributes.index);
      if (i < body_.carried) return Source::saved;
      return i < body_.carried + body_.walked ? Source::walked : Source::captured;
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
      const Source base = of(node.inputs[0]);
      return base == Source::walked || base == Source::captured ? Source::view : Source::saved;
    }
    default:
      return Source::saved;
  }
}

/// Plain arithmetic on what is read anyway (1 - z beside z) is sooner done twice than kept and fetched,
/// unless it is kept already. Nodes are looked at from the last to the first, so what the gradient reads is
/// marked by now.
bool TurnSources::is_cheap_again(NodeId id) const {
  const Node& node = turn_.graph[id];
  switch (node.op) {
    case OpId::add:
    case OpId::sub:
    case OpId::mul:
    case OpId::neg:
    case OpId::where:
    case OpId::less:
    case OpId::logical_not:
      break;
    default:
      return false;
  }
  if (id >= turn_.before ||
      std::find(body_.stacked.begin(), body_.stacked.end(), id) != body_.stacked.end()) {
    return false;
  }
  return std::all_of(node.inputs.begin(), node.inputs.end(),
                     [this](NodeId input) { return is_read(input) || of(input) == Source::leaf; });
}

}  // namespace weft
