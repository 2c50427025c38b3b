#include "tensor/dump.h"

#include <cstdio>

#include "tensor/op.h"

namespace weft {

namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// Joins what `show` makes of each item: "a, b, c".
template <class List, class Show>
std::string listed(const List& list, Show show) {
  std::string text;
  for (const auto& item : list) {
    if (!text.empty()) text += ", ";
    text += show(item);
  }
  return text;
}

std::string reference(NodeId id) {
  return std::string("%").append(std::to_string(id));
}

std::string described(const Graph& graph, const Node& node) {
  const AxisTable& axes = graph.axes();
  const Attributes& a = node.attributes;
  const auto name = [&](AxisId axis) { return axes.name(axis); };
  std::string text(op(node.op).name);
  if (!a.axes.empty()) {
    text += '[';
    text += listed(a.axes, name);
    if (!a.to.empty()) text += " -> ";
    text += listed(a.to, name);
    text += ']';
  }
  const auto append = [&text](std::string_view before, const std::string& list, std::string_view after) {
    text += before;
    text += list;
    text += after;
  };
  if (node.op == OpId::input || node.op == OpId::item) append(" ", std::to_string(a.index), "");
  const auto extent = [&](const Extent& e) { return axes.symbols().describe(e); };
  if (!a.extents.empty()) append(" {", listed(a.extents, extent), "}");
  if (!a.numbers.empty()) append(" ", listed(a.numbers, number), "");
  if (!node.inputs.empty()) append("(", listed(node.inputs, reference), ")");
  return text;
}

void dump_into(std::string& text, const Graph& graph, const std::string& indent, NodeId first = 0) {
  for (NodeId id = first; id < graph.size(); ++id) {
    const Node& node = graph[id];
    text += indent + reference(id) + " = " + described(graph, node);
    const ScanBody* body = node.attributes.body.get();
    if (body == nullptr) {
      text += " : " + describe(node.type, graph.axes()) + "\n";
      continue;
    }
    if (node.op == OpId::fused) {
      text += " {\n";
      dump_into(text, body->graph, indent + "  ");
      text += indent + "  give " + listed(body->stacked, reference) + "\n" + indent + "}\n";
      continue;
    }
    text += " carried " + std::to_string(body->carried) + " walked " + std::to_string(body->walked) +
            " captured " + std::to_string(body->captured) + (body->reverse ? " reverse {\n" : " {\n");
    dump_into(text, body->graph, indent + "  ");
    if (!body->next.empty()) text += indent + "  next " + listed(body->next, reference) + "\n";
    if (!body->stacked.empty()) text += indent + "  stacked " + listed(body->stacked, reference) + "\n";
    text += indent + "}\n";
  }
}

}  // namespace

std::string dump(const Graph& graph) {
  return dump_from(graph, 0);
}

std::string dump_from(const Graph& graph, NodeId first) {
  std::string text;
  dump_into(text, graph, "", first);
  return text;
}

}  // namespace weft
