#include <random>

#include "tensor/gradient.h"
#include "tests/catch2.h"
#include "tests/tensor/plan_allocations.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

Values noise(std::size_t n, double scale, unsigned seed) {
  std::mt19937 random(seed);
  Values result(n);
  for (double& x : result) x = scale * (random() / 4294967296.0 * 2 - 1);
  return result;
}

/// A classifier, h' = tanh(h U + x W) over T, then logits h V, with all it takes to train it.
struct Training {
  Setup s;
  NodeId loss = kNoNode;
  std::vector<NodeId> updates;

  explicit Training(bool recurrent, std::int64_t batch = 64, std::int64_t hidden = 300) {
    s.options.real = DType::f32;
    const std::int64_t length = 4, width = 5, classes = 3;
    const AxisId b = s.open("B", batch), t = s.axis("T", length), i = s.axis("I", width);
    const AxisId h = s.axis("H", hidden), h1 = s.axis("H'", hidden), c = s.axis("C", classes);
    const auto size = [](std::initializer_list<std::int64_t> extents) {
      std::size_t n = 1;
      for (std::int64_t e : extents) n *= static_cast<std::size_t>(e);
      return n;
    };
    const NodeId x = s.input({b, t, i}, noise(size({batch, length, width}), 1, 1));
    const NodeId w = s.input({i, h}, noise(size({width, hidden}), 0.3, 2));
    const NodeId u = s.input({h1, h}, noise(size({hidden, hidden}), 0.05, 3));
    const NodeId v = s.input({h, c}, noise(size({hidden, classes}), 0.1, 4));
    Values targets(static_cast<std::size_t>(batch));
    for (std::size_t row = 0; row < targets.size(); ++row) targets[row] = static_cast<double>(row % 3);
    const NodeId target = s.input({b}, targets, ElementKind::integer);
    const NodeId step = s.input({}, {1});

    Graph& g = s.graph;
    NodeId state = kNoNode;
    std::vector<NodeId> parameters{w, v};
    if (recurrent) {
      parameters.push_back(u);
      auto body = std::make_shared<ScanBody>(s.axes);
      Graph& inner = body->graph;
      const NodeId h_in = inner.input(type(s.axes, {b, h})), x_in = inner.input(type(s.axes, {b, i}));
      const NodeId w_in = inner.input(g.type(w)), u_in = inner.input(g.type(u));
      const NodeId before = inner.emit(OpId::rename, {h_in}, {.axes = {h}, .to = {h1}});
      const NodeId from_h = inner.emit(OpId::dot, {before, u_in}, {.axes = {h1}});
      const NodeId from_x = inner.emit(OpId::dot, {x_in, w_in}, {.axes = {i}});
      body->axis = {t, Extent(length)};
      body->carried = body->walked = 1;
      body->captured = 2;
      body->next = {inner.emit(OpId::tanh, {inner.emit(OpId::add, {from_h, from_x})})};
      const NodeId zeros = g.constant(0, type(s.axes, {b, h}));
      const NodeId scan = g.emit(OpId::scan, {zeros, x, w, u}, {.body = body});
      state = g.emit(OpId::item, {scan}, {.index = 0});
    } else {
      const NodeId first = g.emit(OpId::slice, {x}, {.axes = {t}, .extents = {0, 1}, .numbers = {1}});
      state = g.emit(OpId::tanh, {g.emit(OpId::dot, {first, w}, {.axes = {i}})});
    }
    state = g.emit(OpId::dropout, {state}, {.numbers = {0.1}, .index = 1});
    const NodeId logits = g.emit(OpId::dot, {state, v}, {.axes = {h}});
    loss = g.emit(OpId::mean, {g.emit(OpId::cross_entropy, {target, logits}, {.axes = {c}})}, {.axes = {b}});
    const std::vector<NodeId> gradients = gradient(g, loss, parameters);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const Tensor parameter = s.inputs[g[parameters[p]].attributes.index];
      std::vector<NodeId> moments;
      for (int k = 0; k < 2; ++k) {
        s.inputs.emplace_back(parameter.dtype(), parameter.axes());
        moments.push_back(g.input(g.type(parameters[p])));
      }
      updates.push_back(
          g.emit(OpId::adam,
                 {parameters[p], moments[0], moments[1], gradients[p], g.constant(0.01), g.constant(1), step},
                 {.numbers = {0.9, 0.999, 1e-8, 0}}));
    }
  }

  /// Losses of some steps; parameters and moments are left in s.inputs.
  std::vector<float> train(int steps, int threads) {
    Plan plan = s.plan({loss}, updates);
    const Workers workers(threads);
    std::vector<float> losses;
    for (int i = 1; i <= steps; ++i) {
      s.inputs[5].values<float>()[0] = static_cast<float>(i);
      plan.run(workers, {42, static_cast<std::uint64_t>(i)});
      losses.push_back(plan.output(0).values<float>()[0]);
    }
    return losses;
  }
};

}  // namespace

TEST_CASE("plan: a training step is the same, bit for bit, on one thread and on two") {
  for (const bool recurrent : {false, true}) {
    CAPTURE(recurrent);
    Training one(recurrent), two(recurrent);
    const std::vector<float> losses = one.train(12, 1);
    CHECK(losses == two.train(12, 2));
    for (std::size_t i = 0; i < one.s.inputs.size(); ++i) {
      CAPTURE(i);
      const Tensor a = one.s.inputs[i], b = two.s.inputs[i];
      CHECK(std::equal(a.data(), a.data() + a.bytes(), b.data()));
    }
    CHECK(losses.front() == Approx(1.1).margin(0.2));  // log 3 for three classes, before anything is learnt
    CHECK(losses.back() < losses.front() - 0.02F);
  }
}

TEST_CASE("plan: passes leave a training step as it is, bit for bit") {
  for (const bool recurrent : {false, true}) {
    CAPTURE(recurrent);
    Training all(recurrent), none(recurrent);
    none.s.options.share = none.s.options.fuse = false;
    CHECK(all.train(6, 2) == none.train(6, 2));
    for (std::size_t i = 0; i < all.s.inputs.size(); ++i) {
      CAPTURE(i);
      const Tensor a = all.s.inputs[i], b = none.s.inputs[i];
      CHECK(std::equal(a.data(), a.data() + a.bytes(), b.data()));
    }
  }
}

TEST_CASE("plan: a step allocates nothing") {
  if (allocations() == 0) return;  // they can't be counted here
  Training training(true, 7, 20);
  Plan plan = training.s.plan({training.loss}, training.updates);
  const Workers workers(1);
  const long before = allocations();
  for (std::uint64_t step = 1; step <= 3; ++step) plan.run(workers, {1, step});
  CHECK(allocations() == before);
}
