#include "tensor/gradient.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tensor/ops/build.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

TEST_CASE("a loss is a real scalar") {
  Sample s;
  const NodeId x = s.input(s.real({s.axis("B", 2)}));
  CHECK_THROWS_WITH(gradient(s.graph, x, std::vector{x}), "[gradient] expected a scalar loss, got [B]");
  const NodeId n = s.input(s.integer({}));
  CHECK_THROWS_WITH(gradient(s.graph, n, std::vector{x}), "[gradient] expected a scalar loss, got int[]");
}

TEST_CASE("no gradient where the loss does not depend, or only through stop, indices or comparisons") {
  Sample s;
  const AxisId B = s.axis("B", 2), V = s.axis("V", 3);
  const NodeId x = s.input(s.real({B, V})), other = s.input(s.real({B}));
  const Build g{s.graph};
  const NodeId stopped = s.emit(OpId::stop, {x});
  const NodeId best = s.emit(OpId::argmax, {x}, {.axes = {V}});
  const NodeId hit = g.real(s.emit(OpId::equal, {best, s.input(s.index(V, {B}))}));
  const NodeId loss = g.sum(g.add(g.add(stopped, hit), g.real(g.less(x, g.scalar(0)))), {B, V});
  const auto gradients = gradient(s.graph, loss, std::vector{x, other});
  CHECK(gradients[0] == kNoNode);
  CHECK(gradients[1] == kNoNode);
}

TEST_CASE("the gradient to a value between, and through it to its inputs") {
  Sample s;
  const AxisId B = s.axis("B", 3);
  const NodeId x = s.input(s.real({B}));
  const Build g{s.graph};
  const NodeId y = g.mul(x, x);
  const NodeId loss = g.sum(g.mul(y, y), {B});
  const auto gradients = gradient(s.graph, loss, std::vector{y, x, loss});
  const auto values = s.planned(gradients);
  for (std::size_t i = 0; i < 3; ++i) {
    const double v = s.values[0].values[i];
    CHECK(values[0].values[i] == Approx(2 * v * v));
    CHECK(values[1].values[i] == Approx(4 * v * v * v));
  }
  CHECK(values[2].values[0] == 1);
}

TEST_CASE("cotangents that are constant along an axis count every position of it") {
  // The loss sums over axes that a value was repeated along, so its cotangent never has them.
  Sample s;
  const AxisId B = s.open_axis("B", 3), T = s.axis("T", 4), H = s.open_axis("H", 2);
  const NodeId x = s.input(s.real({B, H})), b = s.input(s.real({H})), c = s.input(s.real({T})),
               d = s.input(s.real({}));
  const Build g{s.graph};
  const NodeId y = g.add(g.add(x, c), g.sub(b, d));
  const NodeId loss = s.emit(OpId::mean, {y}, {.axes = {B, T, H}});
  const auto gradients = gradient(s.graph, loss, std::vector{x, b, c, d});
  const auto values = s.planned(gradients);
  for (double v : values[0].values) CHECK(v == Approx(1.0 / 6));
  for (double v : values[1].values) CHECK(v == Approx(1.0 / 2));
  for (double v : values[2].values) CHECK(v == Approx(1.0 / 4));
  CHECK(values[3].values[0] == Approx(-1));
  s.check_plan(gradients);
}

TEST_CASE("every op takes cotangents that lack axes") {
  // A total gives each of them a scalar.
  const auto check = [](const char* what,
                        const std::function<NodeId(Sample&, NodeId, AxisId, AxisId)>& build) {
    INFO(what);
    Sample s;
    const AxisId R = s.axis("R", 2), C = s.axis("C", 3);
    const NodeId x = s.input(s.real({R, C}));
    const NodeId y = build(s, x, R, C);
    std::vector<AxisId> all;
    for (const Dim& dim : s.graph.type(y).dims) all.push_back(dim.axis);
    check_gradient(s, all.empty() ? y : s.emit(OpId::sum, {y}, {.axes = all}));
  };
  check("dot", [](Sample& s, NodeId x, AxisId, AxisId C) {
    return s.emit(OpId::dot, {x, s.input(s.real({C, s.axis("N", 2)}))}, {.axes = {C}});
  });
  check("slice", [](Sample& s, NodeId x, AxisId, AxisId C) {
    return s.emit(OpId::slice, {x}, {.axes = {C}, .extents = {1, 1}, .numbers = {1}});
  });
  check("merge", [](Sample& s, NodeId x, AxisId R, AxisId C) {
    return s.emit(OpId::merge, {x}, {.axes = {R, C}, .to = {s.axis("M", 6)}});
  });
  check("split", [](Sample& s, NodeId x, AxisId, AxisId C) {
    return s.emit(OpId::split, {x}, {.axes = {C}, .to = {s.axis("P", 3), s.axis("Q", 1)}, .extents = {3, 1}});
  });
  check("split, then a sum over one part", [](Sample& s, NodeId x, AxisId R, AxisId C) {
    const AxisId P = s.axis("P", 3), Q = s.axis("Q", 2), M = s.axis("M", 6);
    const NodeId merged = s.emit(OpId::merge, {x}, {.axes = {C, R}, .to = {M}});
    const NodeId parts = s.emit(OpId::split, {merged}, {.axes = {M}, .to = {P, Q}, .extents = {3, 2}});
    const NodeId sum = s.emit(OpId::sum, {parts}, {.axes = {P}});
    return s.emit(OpId::mul, {sum, sum});
  });
  check("concat", [](Sample& s, NodeId x, AxisId, AxisId C) {
    return s.emit(OpId::concat, {x, s.input(s.real({})), x}, {.axes = {C}});
  });
  check("gather", [](Sample& s, NodeId x, AxisId, AxisId C) {
    return s.emit(OpId::gather, {x, s.input(s.index(C, {s.axis("B", 4)}))}, {.axes = {C}});
  });
  check("softmax",
        [](Sample& s, NodeId x, AxisId, AxisId C) { return s.emit(OpId::softmax, {x}, {.axes = {C}}); });
  check("log_softmax",
        [](Sample& s, NodeId x, AxisId, AxisId C) { return s.emit(OpId::log_softmax, {x}, {.axes = {C}}); });
  check("cross_entropy", [](Sample& s, NodeId x, AxisId R, AxisId C) {
    const NodeId target = s.input(s.index(C, {s.axis("B", 4), R}));
    return s.emit(OpId::cross_entropy, {target, x}, {.axes = {C}});
  });
  check("copy", [](Sample& s, NodeId x, AxisId R, AxisId C) {
    Attributes attributes;
    attributes.type = s.real({C, s.axis("N", 3), R});
    return s.emit(OpId::copy, {x}, attributes);
  });
  check("max", [](Sample& s, NodeId x, AxisId, AxisId C) { return s.emit(OpId::max, {x}, {.axes = {C}}); });
}

TEST_CASE("powers of negative numbers have gradients where the exponent is constant") {
  for (const double exponent : {0.0, 1.0, 2.0, 3.0, -2.0}) {
    Sample s;
    const NodeId x = s.input_between(s.real({s.axis("R", 3)}), -2, -1);
    check_gradient(s, s.emit(OpId::pow, {x, s.graph.constant(exponent)}));
  }
  Sample s;
  const NodeId x = s.graph.constant(0), y = s.input_between(s.real({}), 1, 2);
  const NodeId loss = s.emit(OpId::pow, {x, y});
  CHECK(s.planned(gradient(s.graph, loss, std::vector{y}))[0].values[0] == 0);
}

TEST_CASE("the parts of a tensor taken wholly apart get their gradients back joined") {
  Sample s;
  const AxisId B = s.axis("B", 2), Gate = s.axis("Gate", 3), H = s.axis("H", 2);
  const NodeId x = s.input(s.real({B, Gate, H}));
  const Build g{s.graph};
  const NodeId a = g.slice(x, Gate, 2, 1, true), b = g.slice(x, Gate, 0, 1, true),
               c = g.slice(x, Gate, 1, 1, true);
  const NodeId y = g.mul(g.unary(OpId::sigmoid, a), g.add(g.unary(OpId::tanh, b), c));
  const auto gradients = check_gradient(s, y);
  CHECK(s.graph[gradients[0]].op == OpId::concat);
  CHECK(s.graph.type(gradients[0]) == s.graph.type(x));

  Sample t;
  const AxisId L = t.axis("L", 3);
  const NodeId z = t.input(t.real({L}));
  const Build h{t.graph};
  // A gap, and an overlap: added up.
  check_gradient(t, h.mul(h.slice(z, L, 0, 1, true), h.slice(z, L, 2, 1, true)));
  check_gradient(t, h.sum(h.mul(h.slice(z, L, 0, 2, false), h.slice(z, L, 1, 2, false)), {L}));
}

TEST_CASE("the gradient of a table that is only looked up is a scatter_add") {
  Sample s;
  const AxisId B = s.axis("B", 5), V = s.axis("V", 4), E = s.axis("E", 3);
  const NodeId table = s.input(s.real({V, E})), ids = s.input(s.index(V, {B}));
  const NodeId row = s.emit(OpId::gather, {table, ids}, {.axes = {V}});
  const auto gradients = check_gradient(s, s.emit(OpId::tanh, {row}));
  CHECK(s.graph[gradients[0]].op == OpId::scatter_add);
  CHECK(s.graph[gradients[0]].inputs[0] == ids);
}

TEST_CASE("gradients of gradients") {
  Sample s;
  const AxisId B = s.axis("B", 2), H = s.axis("H", 2);
  const NodeId x = s.input(s.real({B, H})), w = s.input(s.real({H}));
  const Build g{s.graph};
  const NodeId loss = g.sum(g.unary(OpId::tanh, g.dot(x, w, {H})), {B});
  const NodeId dx = gradient(s.graph, loss, std::vector{x})[0];
  check_gradient(s, g.sum(g.mul(dx, dx), {B, H}));

  Sample t;
  const AxisId C = t.axis("C", 3);
  const NodeId logits = t.input(t.real({C}));
  const NodeId entropy = t.emit(OpId::cross_entropy, {t.input(t.index(C, {})), logits}, {.axes = {C}});
  const NodeId once = gradient(t.graph, entropy, std::vector{logits})[0];
  const NodeId length = t.emit(OpId::dot, {once, once}, {.axes = {C}});
  CHECK_THROWS_WITH(gradient(t.graph, length, std::vector{logits}),
                    "[cross_entropy_grad] expected to be differentiated once, got a second time");
}

TEST_CASE("nothing passes through an update") {
  // Of two minimizations in a step the second reads what the first wrote.
  Sample s;
  const AxisId H = s.axis("H", 2);
  const NodeId p = s.input(s.real({H})), q = s.input(s.real({H}));
  const Build g{s.graph};
  const NodeId first = gradient(s.graph, g.sum(g.mul(g.mul(p, p), q), {H}), std::vector{p})[0];
  const NodeId rate = s.graph.constant(0.1), scale = s.graph.constant(1);
  const NodeId updated = s.emit(OpId::sgd, {p, first, rate, scale});
  const NodeId loss = g.sum(g.mul(updated, q), {H});
  const NodeId dq = gradient(s.graph, loss, std::vector{q})[0];
  const auto values = s.planned({dq, updated});
  CHECK(values[0].values == values[1].values);
  CHECK(gradient(s.graph, loss, std::vector{p})[0] == kNoNode);
}
