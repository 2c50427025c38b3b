#include "tensor/passes/attention.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "tensor/ops/attention.h"

namespace weft {

namespace {

/// The number that a constant is, over whatever axes it is spread.
std::optional<double> constant_of(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (node.op != OpId::constant) return {};
  return node.attributes.numbers.at(0);
}

/// The scores of an attention, read from the softmax down.
struct Scores {
  double scale = 1;
  std::vector<NodeId> masks;
  NodeId product = kNoNode;
};

std::optional<Scores> read_scores(const Graph& graph, NodeId id) {
  Scores scores;
  for (;;) {
    const Node& node = graph[id];
    switch (node.op) {
      case OpId::dot:
        if (node.attributes.axes.size() != 1 || !(scores.scale > 0)) return {};
        scores.product = id;
        return scores;
      case OpId::where: {
        const auto condition = constant_of(graph, node.inputs[0]),
                   otherwise = constant_of(graph, node.inputs[2]);
        if (otherwise != -std::numeric_limits<double>::infinity()) return {};
        if (condition == 0.0) return {};
        if (!condition) scores.masks.push_back(node.inputs[0]);
        if (scores.masks.size() > 2) return {};
        id = node.inputs[1];
        break;
      }
      case OpId::div: {
        const auto by = constant_of(graph, node.inputs[1]);
        if (!by) return {};
        scores.scale /= *by;
        id = node.inputs[0];
        break;
      }
      case OpId::mul: {
        const auto left = constant_of(graph, node.inputs[0]), right = constant_of(graph, node.inputs[1]);
        if (!left && !right) return {};
        scores.scale *= left ? *left : *right;
        id = node.inputs[left ? 1 : 0];
        break;
      }
      default:
        return {};
    }
  }
}

/// Dropout of the weights, where there is some.
struct Drop {
  double rate = 0;
  std::uint32_t stream = 0;
  Axes order;  // that the weights are counted in
};

/// Takes a dropout off the weights.
Drop read_dropout(const Graph& graph, NodeId& weights) {
  const Node& node = graph[weights];
  if (node.op != OpId::dropout) return {};
  weights = node.inputs[0];
  return {node.attributes.numbers[0], node.attributes.index, axes_of(node.type)};
}

/// Where queries stand among the axes of the batch in an order that keeps the batch's own and ends with the
/// keys, which is how an attention counts its weights; nullopt for any other.
std::optional<int> place_of_queries(const Axes& order, const AttentionAxes& axes) {
  const auto query =
      axes.query.empty() ? order.end() : std::find(order.begin(), order.end(), axes.query[0].axis);
  const auto place = query == order.end() ? 0 : query - order.begin();
  Axes expected = axes_of(TensorType{{}, axes.batch});
  if (place > static_cast<std::ptrdiff_t>(expected.size())) return {};
  if (!axes.query.empty()) expected.insert(expected.begin() + place, axes.query[0].axis);
  expected.push_back(axes.key.axis);
  return order == expected ? std::optional(static_cast<int>(place)) : std::nullopt;
}

/// The operands of one attention node for `dot[S](weights, v)`; empty where it isn't one.
struct Match {
  std::vector<NodeId> inputs;
  Attributes attributes;
};

std::optional<Match> match(const Graph& graph, const Node& outer, NodeId weights, NodeId v) {
  const AxisId key = outer.attributes.axes[0];
  const Drop drop = read_dropout(graph, weights);
  const Node& softmax = graph[weights];
  if (softmax.op != OpId::softmax || softmax.attributes.axes[0] != key) return {};
  const auto scores = read_scores(graph, softmax.inputs[0]);
  if (!scores) return {};
  const Node& product = graph[scores->product];
  const AxisId inner = product.attributes.axes[0];
  const bool second = graph.type(product.inputs[1]).has(key);
  const NodeId k = product.inputs[second ? 1 : 0], q = product.inputs[second ? 0 : 1];
  const auto axes = attention_axes(graph.type(q), graph.type(k), graph.type(v), inner, key);
  if (!axes) return {};
  // A mask with axes of its own would have spread the result along them.
  std::size_t known = axes->batch.size() + axes->query.size() + 1;
  if (softmax.type.dims.size() != known) return {};
  Match found{scores->masks, {.axes = {inner, key}, .numbers = {scores->scale}, .index = drop.stream}};
  if (drop.rate > 0) {
    const auto place = place_of_queries(drop.order, *axes);
    if (!place) return {};
    found.attributes.numbers.insert(found.attributes.numbers.end(), {drop.rate, static_cast<double>(*place)});
  }
  found.inputs.insert(found.inputs.end(), {q, k, v});
  return found;
}

}  // namespace

void recognize_attention(Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    if (node.op != OpId::dot || node.attributes.axes.size() != 1) continue;
    auto found = match(graph, node, node.inputs[0], node.inputs[1]);
    if (!found) found = match(graph, node, node.inputs[1], node.inputs[0]);
    if (found) graph.replace(id, OpId::attention, std::move(found->inputs), std::move(found->attributes));
  }
}

}  // namespace weft
