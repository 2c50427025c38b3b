#include "tensor/passes/subexpressions.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "tensor/op.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

void mix(std::size_t& hash, std::size_t value) {
  hash ^= value + 0x9e3779b97f4a7c15U + (hash << 6U) + (hash >> 2U);
}

std::size_t hash_of(const Node& node) {
  const Attributes& a = node.attributes;
  std::size_t hash = static_cast<std::size_t>(node.op);
  for (NodeId input : node.inputs) mix(hash, at(input));
  for (AxisId axis : a.axes) mix(hash, static_cast<std::size_t>(axis));
  for (AxisId axis : a.to) mix(hash, static_cast<std::size_t>(axis));
  for (double number : a.numbers) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    mix(hash, bits);
  }
  const auto add_extent = [&hash](const Extent& extent) {
    for (const auto& term : extent.terms()) {
      mix(hash, static_cast<std::size_t>(term.coefficient));
      for (SymbolId factor : term.factors) mix(hash, static_cast<std::size_t>(factor));
    }
  };
  for (const Extent& extent : a.extents) add_extent(extent);
  for (const Dim& dim : a.type.dims) {
    mix(hash, static_cast<std::size_t>(dim.axis));
    add_extent(dim.extent);
  }
  mix(hash, a.index);
  return hash;
}

/// By their bits: 0 and -0 are different values, a NaN is the same as itself.
bool same_numbers(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

bool same_value(const Node& a, const Node& b) {
  const Attributes& x = a.attributes;
  const Attributes& y = b.attributes;
  return a.op == b.op && a.inputs == b.inputs && x.axes == y.axes && x.to == y.to && x.extents == y.extents &&
         same_numbers(x.numbers, y.numbers) && x.type == y.type && x.index == y.index && a.type == b.type;
}

bool may_join(OpId id) {
  return id != OpId::input && id != OpId::scan && id != OpId::fused && op(id).in_place < 0;
}

/// Copies the nodes that `live` marks; `map` becomes what each is in the copy.
Graph shared(const Graph& graph, const std::vector<char>& live, std::vector<NodeId>& map);

std::shared_ptr<ScanBody> shared_body(const ScanBody& body) {
  std::vector<NodeId> roots = body.next;
  roots.insert(roots.end(), body.stacked.begin(), body.stacked.end());
  std::vector<NodeId> map;
  auto result = std::make_shared<ScanBody>(body.graph.axes());
  result->graph = shared(body.graph, ancestors(body.graph, roots), map);
  result->axis = body.axis;
  result->carried = body.carried;
  result->walked = body.walked;
  result->captured = body.captured;
  result->reverse = body.reverse;
  for (NodeId id : body.next) result->next.push_back(map[at(id)]);
  for (NodeId id : body.stacked) result->stacked.push_back(map[at(id)]);
  return result;
}

Graph shared(const Graph& graph, const std::vector<char>& live, std::vector<NodeId>& map) {
  Graph result(graph.axes());
  map.assign(at(graph.size()), kNoNode);
  std::unordered_multimap<std::size_t, NodeId> known;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    if (live[at(id)] == 0 && node.op != OpId::input) continue;
    if (!may_join(node.op)) {
      map[at(id)] = copy_mapped(graph, id, result, map);
      if (node.op == OpId::scan) {
        Attributes& attributes = result.attributes(map[at(id)]);
        attributes.body = shared_body(*node.attributes.body);
      }
      continue;
    }
    Node wanted = node;
    for (NodeId& input : wanted.inputs) input = map[at(input)];
    const std::size_t hash = hash_of(wanted);
    const auto [first, last] = known.equal_range(hash);
    for (auto it = first; it != last && map[at(id)] == kNoNode; ++it) {
      // Looked up in the original, whose attributes a copy may have completed.
      Node other = graph[it->second];
      for (NodeId& input : other.inputs) input = map[at(input)];
      if (same_value(wanted, other)) map[at(id)] = map[at(it->second)];
    }
    if (map[at(id)] != kNoNode) continue;
    map[at(id)] = copy_mapped(graph, id, result, map);
    known.emplace(hash, id);
  }
  return result;
}

}  // namespace

SharedGraph share_subexpressions(const Graph& graph, std::span<const NodeId> outputs,
                                 std::span<const NodeId> effects) {
  std::vector<NodeId> roots(outputs.begin(), outputs.end());
  roots.insert(roots.end(), effects.begin(), effects.end());
  std::vector<NodeId> map;
  SharedGraph result{shared(graph, ancestors(graph, roots), map), {}, {}};
  for (NodeId id : outputs) result.outputs.push_back(map[at(id)]);
  for (NodeId id : effects) result.effects.push_back(map[at(id)]);
  return result;
}

}  // namespace weft
