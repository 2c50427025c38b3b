#include "tensor/plan/check_extents.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace weft::planning {

namespace {

[[noreturn]] void refuse(const Node& node, const std::string& expected, const std::string& got) {
  throw std::invalid_argument("[" + std::string(op(node.op).name) + "] expected " + expected + ", got " +
                              got);
}

std::string described(const Graph& graph, const Size& size) {
  return graph.axes().name(size.axis) + " = " + std::to_string(size.extent);
}

/// Indices that are written as numbers; those that are computed are looked at by nobody, and find 0.
void check_positions(const Graph& graph, const Node& node, std::span<const Size> axes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Node& index = graph[node.inputs[i + 1]];
    if (index.op != OpId::constant) continue;
    const auto position = static_cast<std::int64_t>(index.attributes.numbers.at(0));
    if (position < 0 || position >= axes[i].extent)
      refuse(node, "a position of " + described(graph, axes[i]), std::to_string(position));
  }
}

}  // namespace

void check_extents(const Graph& graph, NodeId id, const IterationSpace& space, std::span<const Size> walked) {
  const Node& node = graph[id];
  const bool something = std::none_of(node.type.dims.begin(), node.type.dims.end(), [&](const Dim& dim) {
    return std::any_of(walked.begin(), walked.end(),
                       [&](const Size& s) { return s.axis == dim.axis && s.extent == 0; });
  });
  switch (node.op) {
    case OpId::gather:
      if (something) check_positions(graph, node, walked.subspan(static_cast<std::size_t>(space.groups[0])));
      break;
    case OpId::argmax:
      if (something && walked.back().extent == 0)
        refuse(node, "at least one position of " + graph.axes().name(walked.back().axis), "none");
      break;
    case OpId::top_k: {
      const Size &found = walked[walked.size() - 1], &searched = walked[walked.size() - 2];
      if (found.extent > searched.extent) {
        refuse(
            node,
            "at least " + std::to_string(found.extent) + " positions of " + graph.axes().name(searched.axis),
            std::to_string(searched.extent));
      }
      break;
    }
    default:
      break;
  }
}

}  // namespace weft::planning
