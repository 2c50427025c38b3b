#include "tensor/passes/convolutions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "tensor/ops/build.h"
#include "tensor/ops/windows.h"
#include "tensor/passes/copy_nodes.h"

namespace weft {

namespace {

constexpr double kMostGrowth = 1.5;  // of the image, counted in positions

std::size_t at(NodeId id) {
  return static_cast<std::size_t>(id);
}

/// A dot whose windows are laid over each other: the dot, what is done to its result by nodes that nobody
/// else reads, and what that says of the dot's operands.
struct Laid {
  NodeId dot = kNoNode;
  std::vector<NodeId> links;
  std::size_t image = 0;             // which operand has the windows; the other has the offsets
  std::map<NodeId, AxisId> windows;  // by overlap, as the image knows the axis
  std::set<AxisId> taken;            // axes that links name
};

class Convolutions {
 public:
  Convolutions(SharedGraph given, const Bindings& extents)
      : given_(std::move(given)),
        extents_(extents),
        old_(given_.graph),
        readers_(at(old_.size()), 0),
        reader_(at(old_.size()), kNoNode),
        result_(old_.axes()),
        map_(at(old_.size()), kNoNode) {
    for (NodeId id = 0; id < old_.size(); ++id)
      for (const NodeId input : old_[id].inputs) {
        ++readers_[at(input)];
        reader_[at(input)] = id;
      }
    for (const auto* kept : {&given_.outputs, &given_.effects})
      for (const NodeId id : *kept) readers_[at(id)] += 2;  // not to be taken into anything
  }

  SharedGraph run() {
    std::map<NodeId, Laid> ends;
    std::vector<char> within(at(old_.size()), 0);
    for (NodeId id = 0; id < old_.size(); ++id) {
      if (old_[id].op != OpId::dot) continue;
      std::optional<Laid> laid = laid_from(id);
      if (!laid) continue;
      within[at(id)] = 1;
      for (const NodeId link : laid->links) within[at(link)] = 1;
      const NodeId end = laid->links.back();
      ends.emplace(end, *std::move(laid));
    }
    for (NodeId id = 0; id < old_.size(); ++id) {
      const auto end = ends.find(id);
      if (end != ends.end())
        map_[at(id)] = gathered(end->second);
      else if (within[at(id)] == 0)
        map_[at(id)] = old_[id].op == OpId::pad ? padded(id) : copy_mapped(old_, id, result_, map_);
    }
    for (auto* kept : {&given_.outputs, &given_.effects})
      for (NodeId& id : *kept) id = map_[at(id)];
    return {std::move(result_), std::move(given_.outputs), std::move(given_.effects)};
  }

 private:
  NodeId padded(NodeId id) {
    const Node& pad = old_[id];
    const Node& windows = old_[pad.inputs[0]];
    const AxisId axis = pad.attributes.axes[0];
    if (windows.op == OpId::windows && windows.type.has(axis) && axis != windows.attributes.to[0] &&
        axis != windows.attributes.to[1]) {
      Attributes attributes = pad.attributes;
      attributes.type = old_.type(windows.inputs[0]);
      for (Dim& dim : attributes.type.dims)
        if (dim.axis == axis) dim.extent = pad.type.find(axis)->extent;
      TensorType made = windows.type;
      for (Dim& dim : made.dims)
        if (dim.axis == axis) dim.extent = pad.type.find(axis)->extent;
      if (made == pad.type) {
        result_.set_origin(pad.origin);
        const NodeId all = result_.emit(OpId::pad, {map_[at(windows.inputs[0])]}, std::move(attributes));
        return result_.emit(OpId::windows, {all}, windows.attributes);
      }
    }
    return copy_mapped(old_, id, result_, map_);
  }

  bool is_link(NodeId id) const {
    const Node& node = old_[id];
    if (node.op == OpId::rename || node.op == OpId::slice) return true;
    return node.op == OpId::overlap && Windows(OpId::overlap, node.attributes).stride == 1 &&
           old_.type(node.inputs[0]).find(node.attributes.axes[1])->extent.constant();
  }

  std::optional<double> positions(const Extent& extent) const {
    const auto value = old_.axes().symbols().evaluate(extent, extents_);
    if (!value) return std::nullopt;
    return static_cast<double>(*value);
  }

  /// The overlaps that a dot ends in, where they can be gathered.
  std::optional<Laid> laid_from(NodeId dot) const {
    Laid laid;
    laid.dot = dot;
    std::size_t used = 0;  // up to the last overlap, and the slice of its result
    for (NodeId id = dot; readers_[at(id)] == 1 && is_link(reader_[at(id)]);) {
      id = reader_[at(id)];
      laid.links.push_back(id);
      const OpId op = old_[id].op;
      if (op == OpId::overlap || (op == OpId::slice && used + 1 == laid.links.size() && used > 0))
        used = laid.links.size();
    }
    laid.links.resize(used);
    if (used == 0 || !settle(laid)) return std::nullopt;
    return laid;
  }

  /// Follows the axes of the operands through the links. False where an overlap isn't one of windows of one
  /// operand and offsets of the other.
  bool settle(Laid& laid) const {
    const Node& dot = old_[laid.dot];
    std::map<AxisId, std::array<AxisId, 2>> own;  // an axis of the result, as the operands know it
    constexpr AxisId kNone{~std::uint32_t{0}};
    for (const Dim& dim : dot.type.dims) {
      std::array<AxisId, 2> names{kNone, kNone};
      for (std::size_t i = 0; i < 2; ++i)
        if (old_.type(dot.inputs[i]).has(dim.axis)) names[i] = dim.axis;
      own.emplace(dim.axis, names);
    }
    std::set<AxisId> sliced;  // as the operands know them
    double before = 1, after = 1;
    bool first = true;
    for (const NodeId link : laid.links) {
      const Attributes& a = old_[link].attributes;
      laid.taken.insert(a.to.begin(), a.to.end());
      switch (old_[link].op) {
        case OpId::rename: {
          auto renamed = own;
          for (const AxisId axis : a.axes) renamed.erase(axis);
          for (std::size_t i = 0; i < a.axes.size(); ++i) renamed[a.to[i]] = own.at(a.axes[i]);
          own = std::move(renamed);
          break;
        }
        case OpId::slice:
          for (const AxisId axis : own.at(a.axes[0])) sliced.insert(axis);
          if (!old_[link].type.has(a.axes[0])) own.erase(a.axes[0]);
          break;
        default: {
          const auto moving = own.at(a.axes[0]), within = own.at(a.axes[1]);
          const std::size_t image = moving[0] != kNone ? 0 : 1;
          if (moving[image] == kNone || moving[1 - image] != kNone || within[1 - image] == kNone ||
              within[image] != kNone || (!first && image != laid.image) || sliced.count(moving[image]) != 0 ||
              sliced.count(within[1 - image]) != 0)
            return false;
          first = false;
          laid.image = image;
          laid.windows.emplace(link, moving[image]);
          own.erase(a.axes[0]);
          own.erase(a.axes[1]);
          own[a.to[0]] = {kNone, kNone};
          const auto windows = positions(old_.type(old_[link].inputs[0]).find(a.axes[0])->extent);
          if (!windows || *windows < 1) return false;
          before *= *windows;
        }
      }
    }
    // Of the axes that overlapping has made, as much as is left in the end.
    for (const Dim& dim : old_[laid.links.back()].type.dims) {
      if (own.at(dim.axis) != std::array<AxisId, 2>{kNone, kNone}) continue;
      const auto left = positions(dim.extent);
      if (!left) return false;
      after *= *left;
    }
    return after <= kMostGrowth * before;
  }

  NodeId gathered(const Laid& laid) {
    const Node& dot = old_[laid.dot];
    NodeId image = map_[at(dot.inputs[laid.image])], weight = map_[at(dot.inputs[1 - laid.image])];
    result_.set_origin(dot.origin);
    // Axes that are summed over must not be taken for others of the same id that come from the links.
    const auto summed = [&](AxisId axis) {
      if (laid.taken.count(axis) == 0) return axis;
      const AxisTable& table = old_.axes();
      const AxisId own = result_.axes().declare(table[axis].name, result_.type(weight).find(axis)->extent);
      for (NodeId* x : {&image, &weight})
        if (result_.type(*x).has(axis)) *x = result_.emit(OpId::rename, {*x}, {.axes = {axis}, .to = {own}});
      return own;
    };
    std::vector<AxisId> over;
    for (const AxisId axis : dot.attributes.axes) over.push_back(summed(axis));
    for (const auto& [link, axis] : laid.windows) image = pad_around(image, axis, link);
    for (const NodeId link : laid.links) {
      const Attributes& a = old_[link].attributes;
      if (old_[link].op == OpId::overlap) {
        const AxisId offsets = summed(a.axes[1]);
        image = result_.emit(OpId::windows, {image},
                             {.axes = {a.axes[0]},
                              .to = {a.to[0], offsets},
                              .extents = {a.extents[0], offsets_of(link)},
                              .numbers = a.numbers});
        image = result_.emit(OpId::reverse, {image}, {.axes = {offsets}});
        over.push_back(offsets);
      } else {
        for (NodeId* x : {&image, &weight}) *x = view(*x, link);
      }
    }
    const NodeId product = result_.emit(OpId::dot, {image, weight}, {.axes = std::move(over)});
    return Build{result_}.arrange(product, old_[laid.links.back()].type);
  }

  std::int64_t offsets_of(NodeId overlap) const {
    const Node& node = old_[overlap];
    return *old_.type(node.inputs[0]).find(node.attributes.axes[1])->extent.constant();
  }

  /// Zeros on both sides, as far as a window reaches over its first position.
  NodeId pad_around(NodeId x, AxisId axis, NodeId overlap) {
    const Attributes& a = old_[overlap].attributes;
    const Extent reach = (offsets_of(overlap) - 1) * Windows(OpId::overlap, a).dilation;
    Attributes attributes{.axes = {axis}, .extents = {reach}};
    attributes.type = result_.type(x);
    for (Dim& dim : attributes.type.dims)
      if (dim.axis == axis) dim.extent = a.extents[0] + reach;
    return result_.emit(OpId::pad, {x}, std::move(attributes));
  }

  /// A rename or slice of those axes that x has.
  NodeId view(NodeId x, NodeId link) {
    Attributes attributes = old_[link].attributes;
    if (old_[link].op == OpId::slice) {
      if (!result_.type(x).has(attributes.axes[0])) return x;
    } else {
      const Attributes all = std::exchange(attributes, {});
      for (std::size_t i = 0; i < all.axes.size(); ++i) {
        if (!result_.type(x).has(all.axes[i])) continue;
        attributes.axes.push_back(all.axes[i]);
        attributes.to.push_back(all.to[i]);
      }
      if (attributes.axes.empty()) return x;
    }
    return result_.emit(old_[link].op, {x}, std::move(attributes));
  }

  SharedGraph given_;
  const Bindings& extents_;
  const Graph& old_;
  std::vector<int> readers_;    // how many
  std::vector<NodeId> reader_;  // the last of them
  Graph result_;
  std::vector<NodeId> map_;
};

}  // namespace

SharedGraph join_convolutions(SharedGraph graph, const Bindings& extents) {
  const auto sees = [&](NodeId id) {
    return graph.graph[id].op == OpId::windows || graph.graph[id].op == OpId::overlap;
  };
  NodeId id = 0;
  while (id < graph.graph.size() && !sees(id)) ++id;
  if (id == graph.graph.size()) return graph;
  return Convolutions(std::move(graph), extents).run();
}

}  // namespace weft
