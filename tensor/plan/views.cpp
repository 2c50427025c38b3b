#include <stdexcept>
#include <string>

#include "tensor/plan/builder.h"

namespace weft::planning {

/// The place of a view on a value that lies at `location`; nullopt where strides can't say it.
std::optional<Location> Builder::view_of(const Location& location, const Scope& scope, NodeId id) const {
  const Node& node = scope.graph[id];
  const Attributes& a = node.attributes;
  switch (node.op) {
    case OpId::stop:
      return location;
    case OpId::rename:
      return renamed(location, a.axes, a.to);
    case OpId::merge:
      return merged(location, a.axes, a.to.at(0));
    case OpId::split: {
      std::vector<Size> parts;
      for (AxisId axis : a.to) parts.push_back({axis, evaluate(node.type.find(axis)->extent)});
      return split(location, a.axes.at(0), parts);
    }
    case OpId::slice: {
      const std::int64_t begin = evaluate(a.extents.at(0));
      const std::int64_t length = evaluate(a.extents.at(1));
      const PlacedAxis* axis = find(location, a.axes.at(0));
      if (!axis || begin < 0 || length < 0 || begin > axis->extent || length > axis->extent - begin) {
        throw std::invalid_argument("[slice] expected a part of " + axes_.name(a.axes.at(0)) + " = " +
                                    std::to_string(axis ? axis->extent : 0) + ", got " +
                                    std::to_string(length) + " positions from " + std::to_string(begin) +
                                    " on");
      }
      Location part = sliced(location, a.axes.at(0), begin, length);
      // A position that was picked out takes no axis of the result.
      return node.type.has(a.axes.at(0)) ? part : without(std::move(part), a.axes.at(0));
    }
    case OpId::reverse:
      return reversed(location, a.axes.at(0));
    case OpId::windows: {
      const Size windows{a.to.at(0), evaluate(a.extents.at(0))},
          offsets{a.to.at(1), evaluate(a.extents.at(1))};
      const auto stride = static_cast<std::int64_t>(a.numbers.at(0)),
                 dilation = static_cast<std::int64_t>(a.numbers.at(1));
      const PlacedAxis* axis = find(location, a.axes.at(0));
      const std::int64_t there = axis ? axis->extent : 0, of_one = (offsets.extent - 1) * dilation + 1;
      const std::string name = axes_.name(a.axes.at(0));
      // Of nothing there may be no window; of an axis that is too short none would be a silent loss of it.
      if (windows.extent < 0 || (windows.extent == 0 && there > 0 && there < of_one)) {
        throw std::invalid_argument("[windows] expected at least the " + std::to_string(of_one) +
                                    " positions of a window, got " + name + " = " + std::to_string(there));
      }
      const bool some = windows.extent > 0 && offsets.extent > 0;
      if (!axis || offsets.extent < 0 || (some && (windows.extent - 1) * stride + of_one > there)) {
        throw std::invalid_argument("[windows] expected windows within " + name + " = " +
                                    std::to_string(there) + ", got " + std::to_string(windows.extent) +
                                    " of " + std::to_string(offsets.extent));
      }
      return windowed(location, a.axes.at(0), windows, stride, offsets, dilation);
    }
    default:
      throw std::logic_error("[" + std::string(op(node.op).name) + "] is a view the plan does not know");
  }
}

void Builder::add_view(Scope& scope, NodeId id) {
  const Node& node = scope.graph[id];
  const NodeId input = node.inputs.at(0);
  if (node.op == OpId::item) {
    scope.at(id) = scope.results.at(input).at(node.attributes.index);
    return;
  }
  if (const auto home = scope.homes.find(input); home != scope.homes.end()) {
    if (auto view = view_of(home->second, scope, id)) scope.homes.emplace(id, std::move(*view));
  }
  auto view = view_of(scope.at(input), scope, id);
  if (!view) {
    // Only a merge fails: with its axes side by side, outermost first, it can be said.
    std::vector<Size> order;
    for (const Dim& dim : node.type.dims) {
      if (dim.axis != node.attributes.to.at(0)) {
        order.push_back({dim.axis, evaluate(dim.extent)});
        continue;
      }
      for (AxisId axis : node.attributes.axes) order.push_back({axis, find(scope.at(input), axis)->extent});
    }
    const Location copy = new_value(scope.at(input).dtype, order, scope.loop);
    add_copy(scope, id, scope.at(input), copy);
    view = view_of(copy, scope, id);
  }
  scope.at(id) = std::move(*view);
}

}  // namespace weft::planning
