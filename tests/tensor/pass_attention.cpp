#include "tensor/passes/attention.h"

#include <cmath>

#include "tensor/gradient.h"
#include "tensor/ops/build.h"
#include "tensor/passes/reverse.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

namespace {

enum class Mask { none, causal, two };

/// dot[S](softmax[S](where(mask, dot[K](q, k) / 2, -inf)), v), whose v has the axis K too or one of its own.
/// With dropout of the weights, their numbers in one of several orders.
struct Net {
  Sample s;
  std::vector<NodeId> inputs;
  NodeId y = kNoNode;
  TensorType result;

  enum class Drop { none, batch_first, queries_first, queries_between, keys_first };

  Net(std::int64_t queries, std::int64_t keys, Mask mask, bool own_axis, Drop drop = Drop::none) {
    const AxisId B = s.axis("B", 3), H = s.axis("H", 2), Q = s.open_axis("Q", queries), S = s.axis("S", keys),
                 K = s.axis("K", 5), V = s.axis("V", 7);
    const NodeId q = s.input(s.real({B, Q, H, K})), k = s.input(s.real({B, S, H, K})),
                 v = s.input(s.real({B, S, H, own_axis ? V : K}));
    inputs = {q, k, v};
    result = s.real({B, H, Q, own_axis ? V : K});
    const Build g{s.graph};
    NodeId score = g.div(g.dot(q, k, {K}), g.scalar(2));
    const auto position = [&](AxisId axis) {
      Attributes a{.axes = {axis}};
      a.type = s.integer({axis});
      return s.emit(OpId::position, {}, std::move(a));
    };
    const NodeId never = g.scalar(-std::numeric_limits<double>::infinity());
    if (mask != Mask::none)
      score = g.where(s.emit(OpId::less_equal, {position(S), position(Q)}), score, never);
    if (mask == Mask::two) {
      const NodeId ends = s.input_between(s.real({B}), 1, static_cast<double>(keys));
      const NodeId at = s.emit(OpId::cast, {position(S)}, {.type = s.real({S})});
      score = g.where(g.less(at, ends), score, never);
    }
    NodeId weights = s.emit(OpId::softmax, {score}, {.axes = {S}});
    if (drop != Drop::none) {
      const std::vector<AxisId> order = drop == Drop::batch_first       ? std::vector{B, H, Q, S}
                                        : drop == Drop::queries_first   ? std::vector{Q, B, H, S}
                                        : drop == Drop::queries_between ? std::vector{B, Q, H, S}
                                                                        : std::vector{S, B, H, Q};
      weights = s.emit(OpId::dropout, {weights}, {.axes = order, .numbers = {0.3}, .index = 5});
    }
    y = own_axis ? g.dot(v, weights, {S}) : g.dot(weights, v, {S});
  }
};

/// y and the gradients of a weighted sum of it, by a plan in float64.
std::vector<reference::Array> values(Net& net, bool recognized) {
  const Build g{net.s.graph};
  if (recognized) {
    recognize_attention(net.s.graph);
    REQUIRE(net.s.graph[net.y].op == OpId::attention);
  }
  const NodeId weights = net.s.input(net.result);
  const NodeId loss = g.sum(g.mul(net.y, weights), axes_of(net.s.graph.type(net.y)));
  std::vector<NodeId> outputs = {net.y};
  // Without `gradient`'s own recognition: what the ops' rules give.
  const std::vector<NodeId> gradients =
      recognized ? gradient(net.s.graph, loss, net.inputs)
                 : reverse_sweep(net.s.graph, std::vector{loss}, std::vector{g.scalar(1)}, net.inputs);
  for (std::size_t i = 0; i < gradients.size(); ++i)
    outputs.push_back(g.arrange(gradients[i], net.s.graph.type(net.inputs[i])));
  return net.s.planned(outputs);
}

void check_close(const std::vector<reference::Array>& expected, const std::vector<reference::Array>& got) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    double largest = 0;
    for_each_place(expected[i].axes, [&](const reference::Place& p) {
      largest = std::max(largest, std::abs(expected[i].at(p) - got[i].at(p)));
    });
    CHECK(largest < 1e-11);
  }
}

}  // namespace

TEST_CASE("attention: one node gives what the product of softmax and values gives, and its gradients") {
  for (const auto& [queries, keys] : {std::pair{1, 1}, {4, 9}, {128, 128}, {150, 300}}) {
    for (const Mask mask : {Mask::none, Mask::causal, Mask::two}) {
      for (const bool own_axis : {false, true}) {
        INFO(queries << " queries, " << keys << " keys, mask " << static_cast<int>(mask) << ", " << own_axis);
        Net plain(queries, keys, mask, own_axis), one(queries, keys, mask, own_axis);
        const auto expected = values(plain, false), got = values(one, true);
        check_close(expected, got);
      }
    }
  }
}

TEST_CASE("attention: dropout of the weights drops those that it drops apart, and its gradients too") {
  using Drop = Net::Drop;
  for (const auto& [queries, keys] : {std::pair{1, 1}, {5, 9}, {150, 300}, {3, 2500}}) {
    for (const Drop drop : {Drop::batch_first, Drop::queries_first, Drop::queries_between}) {
      INFO(queries << " queries, " << keys << " keys, order " << static_cast<int>(drop));
      Net plain(queries, keys, Mask::causal, true, drop), one(queries, keys, Mask::causal, true, drop);
      const auto expected = values(plain, false), got = values(one, true);
      check_close(expected, got);
    }
  }
  // Where the numbers of a row don't lie side by side it stays as it is.
  Net other(4, 4, Mask::none, false, Drop::keys_first);
  recognize_attention(other.s.graph);
  CHECK(other.s.graph[other.y].op == OpId::dot);
}

TEST_CASE("attention: the weights dropped are the same on any number of threads") {
  Net net(150, 300, Mask::two, true, Net::Drop::queries_between);
  recognize_attention(net.s.graph);
  std::vector<NodeId> operands = net.s.graph[net.y].inputs;
  operands.push_back(net.s.input(net.result));
  const NodeId all = net.s.emit(OpId::attention_grad, operands, net.s.graph[net.y].attributes);
  std::vector<NodeId> outputs = {net.y};
  for (const std::uint32_t i : {0U, 1U, 2U}) outputs.push_back(net.s.emit(OpId::item, {all}, {.index = i}));
  const auto one = net.s.planned(outputs, DType::f32, 1), three = net.s.planned(outputs, DType::f32, 3);
  for (std::size_t i = 0; i < outputs.size(); ++i) CHECK(one[i].values == three[i].values);
}

TEST_CASE("attention: what only looks like one stays as it is") {
  Net net(4, 4, Mask::causal, false);
  const auto untouched = [](Net& n) {
    recognize_attention(n.s.graph);
    return n.s.graph[n.y].op == OpId::dot;
  };
  CHECK_FALSE(untouched(net));

  // A negative scale would turn the masked scores round, and a mask may not be filled with another number.
  Sample s;
  const AxisId Q = s.axis("Q", 3), S = s.axis("S", 4), K = s.axis("K", 2);
  const NodeId q = s.input(s.real({Q, K})), k = s.input(s.real({S, K})), v = s.input(s.real({S, K}));
  const Build g{s.graph};
  const auto outer = [&](NodeId score) {
    return g.dot(s.emit(OpId::softmax, {score}, {.axes = {S}}), v, {S});
  };
  const NodeId product = g.dot(q, k, {K}), mask = s.input(s.boolean({Q, S}));
  const std::vector<NodeId> others = {outer(g.mul(product, g.scalar(-1))),
                                      outer(g.where(mask, product, g.scalar(-1e9))),
                                      outer(g.add(product, s.input(s.real({S}))))};
  recognize_attention(s.graph);
  for (NodeId id : others) CHECK(s.graph[id].op == OpId::dot);
}

TEST_CASE("attention: a row with nothing to look at is NaN, as its softmax is") {
  Sample s;
  const AxisId Q = s.axis("Q", 2), S = s.axis("S", 3), K = s.axis("K", 2);
  const NodeId q = s.input(s.real({Q, K})), k = s.input(s.real({S, K})), v = s.input(s.real({S, K}));
  const NodeId none = s.graph.constant(0, s.boolean({S}));
  const NodeId y = s.emit(OpId::attention, {none, q, k, v}, {.axes = {K, S}, .numbers = {1}});
  const reference::Array values = s.planned({y})[0];
  REQUIRE(values.values.size() == 4);
  for (double value : values.values) CHECK(std::isnan(value));
}
