#include <cmath>
#include <vector>

#include "tensor/gradient.h"
#include "tensor/plan.h"
#include "tests/catch2.h"

using namespace weft;

// What is quadratic in the number of nodes takes minutes here and shows as a timeout.
TEST_CASE("a graph of 100,000 nodes is differentiated, planned and run") {
  AxisTable axes;
  Graph graph{axes};
  const AxisId R = axes.declare("R", 4);
  const TensorType type{{}, {{R, axes[R].extent}}};
  const NodeId w = graph.input(type), x = graph.input(type);
  NodeId h = x;
  constexpr int kLayers = 12'000;
  for (int i = 0; i < kLayers; ++i) {
    const NodeId scaled = graph.emit(OpId::mul, {h, w});
    h = graph.emit(OpId::tanh, {graph.emit(OpId::add, {scaled, graph.constant(0.001 * (i % 7))})});
  }
  const NodeId loss = graph.emit(OpId::sum, {h}, {.axes = {R}});
  const NodeId dw = gradient(graph, loss, std::vector<NodeId>{w})[0];
  REQUIRE(graph.size() > 100'000);
  const NodeId stepped = graph.emit(OpId::sgd, {w, dw, graph.constant(0.1), graph.constant(1)});

  Tensor weights(DType::f32, {{R, 4}}), first(DType::f32, {{R, 4}});
  for (float& v : weights.values<float>()) v = 0.9F;
  for (float& v : first.values<float>()) v = 0.5F;
  Plan plan(graph, std::vector<NodeId>{loss, dw}, std::vector<NodeId>{stepped}, {}, {weights, first});
  const Workers workers(1);
  plan.run(workers);

  // The same by hand: thousands of values share memory, and none may have been overwritten too soon.
  std::vector<double> by_hand = {0.5};
  for (int i = 0; i < kLayers; ++i) by_hand.push_back(std::tanh(by_hand.back() * 0.9 + 0.001 * (i % 7)));
  double cotangent = 1, slope = 0;
  for (int i = kLayers; i > 0; --i) {
    const auto k = static_cast<std::size_t>(i);
    cotangent *= 1 - by_hand[k] * by_hand[k];
    slope += cotangent * by_hand[k - 1];
    cotangent *= 0.9;
  }
  CHECK(plan.output(0).at(0) == Approx(4 * by_hand.back()).epsilon(1e-4));
  CHECK(plan.output(1).at(3) == Approx(slope).epsilon(1e-4));
  CHECK(weights.at(3) == Approx(0.9 - 0.1 * slope).epsilon(1e-4));
}
