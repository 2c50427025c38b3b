#include "tensor/passes/bags.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "tensor/ops/build.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// Axes by the names they have elsewhere.
using Names = std::vector<std::pair<AxisId, AxisId>>;

AxisId renamed(const Names& names, AxisId axis) {
  for (const auto& [from, to] : names) {
    if (from == axis) return to;
  }
  return axis;
}

/// The names of an operand's axes after its `rename` and then by `names`.
Names through(const Graph& graph, NodeId rename, const Names& names) {
  const Attributes& attributes = graph[rename].attributes;
  Names all;
  for (const Dim& dim : graph.type(graph[rename].inputs[0]).dims) {
    AxisId to = dim.axis;
    for (std::size_t i = 0; i < attributes.axes.size(); ++i) {
      if (attributes.axes[i] == dim.axis) to = attributes.to[i];
    }
    all.emplace_back(dim.axis, renamed(names, to));
  }
  return all;
}

/// A value as a node reads it: perhaps repeated along some axes, with zeros where a mask says so.
struct Masked {
  NodeId value = kNoNode;
  Names names;  // of the value's axes, as the reader knows them
  NodeId mask = kNoNode;
  Names mask_names;
};

/// Whether a `where` puts zeros, with no axis of their own, in the place of some values.
bool puts_zeros(const Graph& graph, const Node& where) {
  const Node& zero = graph[where.inputs[2]];
  if (zero.op != OpId::constant || zero.attributes.numbers.at(0) != 0 ||
      std::signbit(zero.attributes.numbers.at(0)))
    return false;
  return std::all_of(zero.type.dims.begin(), zero.type.dims.end(), [&](const Dim& dim) {
    return graph.type(where.inputs[0]).has(dim.axis) || graph.type(where.inputs[1]).has(dim.axis);
  });
}

class Bags {
 public:
  explicit Bags(SharedGraph given) : given_(std::move(given)), old_(given_.graph), new_(old_.axes()) {}

  SharedGraph run() {
    count_readers();
    for (NodeId id = 0; id < old_.size(); ++id) {
      if (auto found = sum_of_rows(id)) sums_.emplace(id, std::move(*found));
      if (auto found = rows_of_less(id)) updates_.emplace(id, std::move(*found));
    }
    if (sums_.empty() && updates_.empty()) return std::move(given_);
    map_.assign(at(old_.size()), kNoNode);
    mark_needed();
    for (NodeId id = 0; id < old_.size(); ++id) {
      if (needed_[at(id)] == 0 && old_[id].op != OpId::input) continue;
      new_.set_origin(old_[id].origin);
      if (const auto sum = sums_.find(id); sum != sums_.end()) {
        map_[at(id)] = joined(id, sum->second);
      } else if (const auto update = updates_.find(id); update != updates_.end()) {
        map_[at(id)] = updated(id, update->second);
      } else {
        map_[at(id)] = copy_mapped(old_, id, new_, map_);
      }
    }
    SharedGraph result{std::move(new_), {}, {}};
    for (NodeId id : given_.outputs) result.outputs.push_back(map_[at(id)]);
    for (NodeId id : given_.effects) result.effects.push_back(map_[at(id)]);
    return result;
  }

 private:
  void count_readers() {
    readers_.assign(at(old_.size()), 0);
    for (NodeId id = 0; id < old_.size(); ++id) {
      for (NodeId input : old_[id].inputs) ++readers_[at(input)];
    }
    for (NodeId id : given_.outputs) ++readers_[at(id)];
    for (NodeId id : given_.effects) ++readers_[at(id)];
  }

  /// What `id` is under renamings, repetitions and one mask. `alone`: without repetitions, and as far as
  /// nothing else reads it.
  Masked look_through(NodeId id, bool alone) const {
    Masked seen{id, {}, kNoNode, {}};
    for (const Dim& dim : old_.type(id).dims) seen.names.emplace_back(dim.axis, dim.axis);
    while (!alone || readers_[at(seen.value)] == 1) {
      const Node& node = old_[seen.value];
      if (node.op == OpId::rename) {
        seen.names = through(old_, seen.value, seen.names);
        seen.value = node.inputs[0];
      } else if (node.op == OpId::where && seen.mask == kNoNode && puts_zeros(old_, node)) {
        seen.mask = node.inputs[0];
        for (const Dim& dim : old_.type(seen.mask).dims)
          seen.mask_names.emplace_back(dim.axis, renamed(seen.names, dim.axis));
        seen.value = node.inputs[1];
      } else if (node.op == OpId::copy && !alone) {
        seen.value = node.inputs[0];
      } else {
        break;
      }
    }
    return seen;
  }

  bool mask_within(const Masked& masked, const Axes& rows) const {
    return std::all_of(masked.mask_names.begin(), masked.mask_names.end(),
                       [&](const auto& name) { return contains(rows, name.second); });
  }

  Axes rows_of(Inputs indices) const {
    Axes rows;
    for (NodeId index : indices) {
      for (const Dim& dim : old_.type(index).dims) {
        if (!contains(rows, dim.axis)) rows.push_back(dim.axis);
      }
    }
    return rows;
  }

  std::optional<Masked> sum_of_rows(NodeId id) const {
    const Node& node = old_[id];
    if (node.op != OpId::sum && node.op != OpId::mean) return {};
    Masked seen = look_through(node.inputs[0], true);
    const Node& gather = old_[seen.value];
    if (gather.op != OpId::gather || readers_[at(seen.value)] != 1) return {};
    if (node.op == OpId::mean && seen.mask != kNoNode) return {};
    if (gather.type.element.kind != ElementKind::real || gather.inputs.size() > kMostIndices + 1) return {};
    const Axes rows = rows_of(Inputs(gather.inputs).subspan(1));
    for (const Dim& dim : without(old_.type(gather.inputs[0]).dims, gather.attributes.axes)) {
      if (contains(rows, dim.axis)) return {};
    }
    // From here on the gather's own names are those that count.
    for (auto& [axis, name] : seen.mask_names) {
      const auto own = own_name(seen.names, name);
      if (!own || !contains(rows, *own)) return {};
      name = *own;
    }
    for (const AxisId axis : node.attributes.axes) {
      const auto own = own_name(seen.names, axis);
      if (!own || !contains(rows, *own)) return {};
    }
    if (node.attributes.axes.empty()) return {};
    return seen;
  }

  /// The axis that is known by this name.
  static std::optional<AxisId> own_name(const Names& names, AxisId name) {
    for (const auto& [own, given] : names) {
      if (given == name) return own;
    }
    return {};
  }

  std::optional<Masked> rows_of_less(NodeId id) const {
    const Node& node = old_[id];
    const bool sgd = node.op == OpId::sgd_rows;
    if (!sgd && (node.op != OpId::scatter_add || node.inputs.size() != 2)) return {};
    Masked seen = look_through(node.inputs[sgd ? 2 : 1], false);
    const NodeId index = node.inputs[sgd ? 1 : 0];
    const Axes rows = axes_of(old_.type(index));
    if (!mask_within(seen, rows)) return {};
    for (const AxisId axis : rows) {
      const bool has = std::any_of(seen.names.begin(), seen.names.end(), [&](const auto& name) {
        return name.second == axis && old_.type(seen.value).has(name.first);
      });
      if (!has) return seen;
    }
    return {};
  }

  void mark_needed() {
    needed_.assign(at(old_.size()), 0);
    for (NodeId id : given_.outputs) needed_[at(id)] = 1;
    for (NodeId id : given_.effects) needed_[at(id)] = 1;
    for (NodeId id = old_.size() - 1; id >= 0; --id) {
      if (needed_[at(id)] == 0) continue;
      const auto sum = sums_.find(id);
      const auto update = updates_.find(id);
      const Node& node = old_[sum != sums_.end() ? sum->second.value : id];
      const std::size_t rows = update == updates_.end() ? node.inputs.size() : rows_input(id);
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (i != rows) needed_[at(node.inputs[i])] = 1;
      }
      for (const auto* masked : {sum != sums_.end() ? &sum->second : nullptr,
                                 update != updates_.end() ? &update->second : nullptr}) {
        if (masked != nullptr && masked->mask != kNoNode) needed_[at(masked->mask)] = 1;
      }
      if (update != updates_.end()) needed_[at(update->second.value)] = 1;
    }
  }

  std::size_t rows_input(NodeId update) const { return old_[update].op == OpId::sgd_rows ? 2 : 1; }

  /// In the new graph: `node` with the axes of the pairs renamed.
  NodeId rename(NodeId node, const Names& names) {
    Attributes attributes;
    for (const auto& [from, to] : names) {
      if (from == to || !new_.type(node).has(from)) continue;
      attributes.axes.push_back(from);
      attributes.to.push_back(to);
    }
    return attributes.axes.empty() ? node : new_.emit(OpId::rename, {node}, std::move(attributes));
  }

  /// idx' of an old index.
  NodeId masked_index(NodeId index, const Masked& masked) {
    if (masked.mask == kNoNode) return map_[at(index)];
    NodeId& known = indices_.try_emplace({index, masked.mask, masked.mask_names}, kNoNode).first->second;
    if (known == kNoNode) {
      Attributes integer;
      integer.type.element = {ElementKind::integer, {}};
      const NodeId mask = rename(map_[at(masked.mask)], masked.mask_names);
      const NodeId all = new_.emit(OpId::cast, {map_[at(index)]}, integer);
      known = new_.emit(OpId::where, {mask, all, new_.constant(-1, integer.type)});
    }
    return known;
  }

  NodeId joined(NodeId id, const Masked& masked) {
    const Node &sum = old_[id], &gather = old_[masked.value];
    std::vector<NodeId> inputs;
    for (NodeId input : gather.inputs) inputs.push_back(map_[at(input)]);
    inputs[1] = masked_index(gather.inputs[1], masked);
    Attributes attributes{.axes = gather.attributes.axes};
    for (AxisId axis : sum.attributes.axes) attributes.to.push_back(own_name(masked.names, axis).value());
    if (sum.op == OpId::mean) attributes.numbers = {1};
    const NodeId bag = new_.emit(OpId::gather_sum, std::move(inputs), std::move(attributes));
    return Build{new_}.arrange(rename(bag, masked.names), sum.type);
  }

  NodeId updated(NodeId id, const Masked& masked) {
    const Node& node = old_[id];
    const std::size_t rows = rows_input(id);
    std::vector<NodeId> inputs;
    for (NodeId input : node.inputs) inputs.push_back(map_[at(input)]);
    inputs[rows] = rename(map_[at(masked.value)], masked.names);
    inputs[rows - 1] = masked_index(node.inputs[rows - 1], masked);
    return new_.emit(node.op, std::move(inputs), node.attributes);
  }

  static constexpr std::size_t kMostIndices = 6;

  SharedGraph given_;
  const Graph& old_;
  Graph new_;
  std::vector<int> readers_;
  std::map<NodeId, Masked> sums_, updates_;
  std::vector<char> needed_;
  std::vector<NodeId> map_;
  struct Index {
    NodeId index, mask;
    Names names;
    bool operator<(const Index& o) const {
      return std::tie(index, mask, names) < std::tie(o.index, o.mask, o.names);
    }
  };
  std::map<Index, NodeId> indices_;
};

}  // namespace

SharedGraph join_bags(SharedGraph graph) {
  return Bags(std::move(graph)).run();
}

}  // namespace weft
