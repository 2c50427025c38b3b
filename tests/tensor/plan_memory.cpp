#include <algorithm>
#include <cmath>
#include <random>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

TEST_CASE("plan: a long chain takes the memory of two values") {
  Setup s;
  const AxisId a = s.axis("A", 1000);
  NodeId x = s.input({a}, Values(1000, 1));
  for (int i = 0; i < 50; ++i) x = s.emit(OpId::add, {x, s.graph.constant(1)});
  const NodeId total = s.sum(x, {a});
  Plan plan = s.plan({total});
  CHECK(plan.arena_bytes() <= 3 * 8064);
  plan.run(Workers(1));
  CHECK(plan.output(0).item() == 51000);
}

TEST_CASE("plan: a result is written over an operand that nobody reads again") {
  Setup s;
  const AxisId a = s.axis("A", 1000);
  const NodeId x = s.emit(OpId::exp, {s.input({a}, Values(1000, 1))});
  const NodeId y = s.emit(OpId::softmax, {x}, {.axes = {a}});
  const NodeId z = s.sum(s.emit(OpId::log, {y}), {a});
  s.options.fuse = false;
  const Plan over = s.plan({z});
  CHECK(over.arena_bytes() <= 8000 + 2 * 64);
  CHECK(count(over.dump(), ", in place") == 2);
  s.options.in_place = false;
  const Plan beside = s.plan({z});
  CHECK(beside.arena_bytes() >= 2 * 8000);
  CHECK(count(beside.dump(), ", in place") == 0);
}

TEST_CASE("plan: nothing is written over what is read again, or lies otherwise") {
  Setup s;
  s.options.fuse = false;
  const AxisId a = s.axis("A", 16), b = s.axis("B", 16), n = s.axis("N", 4);
  const NodeId x = s.emit(OpId::exp, {s.input({a, b}, Values(256, 0))});
  const auto in_place = [&](const std::vector<NodeId>& outputs) {
    return count(s.plan(outputs).dump(), ", in place");
  };
  CHECK(in_place({s.emit(OpId::neg, {x})}) == 1);
  CHECK(in_place({x, s.emit(OpId::neg, {x})}) == 0);
  const NodeId turned = s.emit(OpId::rename, {x}, {.axes = {a, b}, .to = {b, a}});
  CHECK(in_place({s.emit(OpId::add, {x, turned})}) == 0);
  CHECK(in_place({s.emit(OpId::add, {x, s.slice(x, a, 0, 16)})}) == 1);
  CHECK(in_place({s.emit(OpId::neg, {s.slice(x, a, 0, 8)})}) == 0);
  const NodeId row = s.sum(x, {a});
  CHECK(in_place({s.emit(OpId::add, {s.graph.constant(0, type(s.axes, {n, b})), row})}) == 0);
  CHECK(in_place({s.emit(OpId::less, {x, s.graph.constant(2)})}) == 0);
  CHECK(s.run({s.emit(OpId::add, {x, turned})})[0] == Values(256, 2));
}

TEST_CASE("plan: a fused call writes over an operand only where it reads it before") {
  Setup s;
  const AxisId a = s.axis("A", 1000), one = s.axis("One", 1);
  const NodeId unit = s.input({one}, {1});
  const auto product = [&](double value) {
    return s.emit(OpId::dot, {s.input({a, one}, Values(1000, value)), unit}, {.axes = {one}});
  };
  const NodeId x = product(2), w = product(3);
  // The first result is there before x is read for the second one; w is read for the first alone.
  const NodeId first = s.emit(OpId::exp, {s.emit(OpId::mul, {w, w})});
  const NodeId second = s.emit(OpId::mul, {s.emit(OpId::neg, {first}), x});
  const std::vector<Values> over = s.run({first, second});
  REQUIRE(over[1][0] == Approx(-std::exp(9) * 2));
  CHECK(count(s.plan({first, second}).dump(), ", in place") == 1);
  s.options.in_place = false;
  CHECK(s.run({first, second}) == over);
}

TEST_CASE("plan: a value stays as long as a view of it is read") {
  Setup s;
  const AxisId a = s.axis("A", 16), b = s.axis("B", 16);
  const NodeId x = s.emit(OpId::neg, {s.input({a}, Values(16, 1))});
  const NodeId view = s.slice(s.rename(x, a, b), b, 1, 2);
  NodeId y = s.emit(OpId::neg, {s.input({a}, Values(16, 5))});
  for (int i = 0; i < 6; ++i) y = s.emit(OpId::neg, {y});
  const NodeId z = s.emit(OpId::mul, {s.sum(view, {b}), s.sum(y, {a})});
  CHECK(s.run({z})[0] == Values{2 * 80});
}

TEST_CASE("plan: sizes that can't be are errors, not wrap-arounds") {
  Setup s;
  const AxisId a = s.open("A", std::int64_t{1} << 40), b = s.open("B", std::int64_t{1} << 40);
  const NodeId one = s.input({}, {1});
  const NodeId x = s.emit(OpId::exp, {s.graph.constant(1, type(s.axes, {a, b}))});
  CHECK_THROWS_AS(s.plan({s.sum(s.emit(OpId::add, {x, one}), {a, b})}), OutOfMemory);
}

#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // whose allocators stop the program instead
TEST_CASE("plan: memory that can't be had is an error that says how much, and for what most of it") {
  Setup s;
  const AxisId a = s.open("A", std::int64_t{1} << 57);
  s.graph.set_origin({0, 4, 8});
  const NodeId x = s.emit(OpId::exp, {s.graph.constant(1, type(s.axes, {a}))});
  try {
    s.plan({x});
    FAIL("nothing was thrown");
  } catch (const PlanOutOfMemory& e) {
    const std::string fault = e.what();
    CHECK(fault.starts_with("could not get 1.00 EiB of memory for what a step computes: "));
    CHECK(fault.ends_with(" are free"));
    CHECK(e.largest == std::int64_t{1} << 60);
    CHECK(e.origin == Span{0, 4, 8});
  }
}
#endif

namespace {

/// A graph of random ops on values [A, B], some of them views, sums spread again, and loops over A.
NodeId random_op(Graph& g, const AxisTable& axes, AxisId a, AxisId b, AxisId c, std::mt19937& random,
                 const std::vector<NodeId>& values, bool loops) {
  const auto any = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const NodeId x = values[any(values.size())], y = values[any(values.size())];
  const auto renamed = [&](NodeId v, std::vector<AxisId> from, std::vector<AxisId> to) {
    return g.emit(OpId::rename, {v}, {.axes = std::move(from), .to = std::move(to)});
  };
  switch (any(loops ? 8 : 6)) {
    case 0:
      return g.emit(OpId::add, {x, g.constant(0.25)});
    case 1:
      return g.emit(OpId::tanh, {g.emit(OpId::sub, {x, y})});
    case 2:
      return g.emit(OpId::mul, {x, g.emit(OpId::mean, {y}, {.axes = {a}})});
    case 3:
      return renamed(x, {a, b}, {b, a});  // transposed: both have one extent
    case 4: {
      const NodeId half = g.emit(OpId::slice, {x}, {.axes = {a}, .extents = {1, 2}});
      return g.emit(OpId::concat, {half, g.emit(OpId::slice, {y}, {.axes = {a}, .extents = {0, 1}})},
                    {.axes = {a}});
    }
    case 5: {
      const NodeId flat = g.emit(OpId::merge, {x}, {.axes = {b, a}, .to = {c}});
      return g.emit(OpId::split, {flat}, {.axes = {c}, .to = {a, b}, .extents = {3, 3}});
    }
    default: {
      auto body = std::make_shared<ScanBody>(g.axes());
      const TensorType row = type(axes, {b}), whole = type(axes, {b, a});
      body->axis = {a, 3};
      body->reverse = any(2) == 0;
      body->carried = 1 + static_cast<int>(any(2));
      body->walked = 2;
      body->captured = 1;
      std::vector<NodeId> rows, operands;
      for (int i = 0; i < body->carried; ++i) {
        rows.push_back(body->graph.input(row));
        const NodeId v = values[any(values.size())];
        operands.push_back(g.emit(OpId::sum, {v}, {.axes = {a}}));
      }
      for (int i = 0; i < 2; ++i) {
        rows.push_back(body->graph.input(row));
        operands.push_back(values[any(values.size())]);
      }
      rows.push_back(body->graph.input(row));
      operands.push_back(g.emit(OpId::max, {x}, {.axes = {a}}));
      Graph& inner = body->graph;
      for (int i = 0; i < 6; ++i) {
        const NodeId p = rows[any(rows.size())], q = rows[any(rows.size())];
        rows.push_back(i % 2 ? inner.emit(OpId::tanh, {inner.emit(OpId::add, {p, q})})
                             : inner.emit(OpId::mul, {p, inner.emit(OpId::mean, {q}, {.axes = {b}})}));
      }
      for (int i = 0; i < body->carried; ++i) body->next.push_back(rows[any(rows.size())]);
      for (int i = 0; i < 2; ++i) body->stacked.push_back(rows[any(rows.size())]);
      const std::uint32_t carried = static_cast<std::uint32_t>(body->carried);
      const NodeId scan = g.emit(OpId::scan, operands, {.body = body});
      const NodeId last = g.emit(OpId::item, {scan}, {.index = static_cast<std::uint32_t>(any(carried))});
      const NodeId stacked =
          g.emit(OpId::item, {scan}, {.index = carried + static_cast<std::uint32_t>(any(2))});
      return g.emit(OpId::add, {stacked, last});
    }
  }
}

}  // namespace

TEST_CASE("plan: sharing memory changes no value") {
  // Where every node is an output nothing shares memory; where only the last is, as much as can be.
  std::mt19937 random(7);
  std::int64_t over = 0, beside = 0;
  for (int round = 0; round < 150; ++round) {
    CAPTURE(round);
    Setup s;
    const AxisId a = s.axis("A", 3), b = s.axis("B", 3), c = s.axis("C", 9);
    std::vector<NodeId> made{s.input({a, b}, {1, 2, 3, 4, 5, 6, 7, 8, 9}),
                             s.input({a, b}, {0.5, -1, 0.25, 2, -0.5, 1, 0.75, 3, -2})};
    for (int i = 0; i < 12; ++i) made.push_back(random_op(s.graph, s.axes, a, b, c, random, made, true));
    std::vector<NodeId> all;
    for (NodeId id = 0; id < s.graph.size(); ++id) {
      if (s.graph[id].op != OpId::scan) all.push_back(id);
    }
    const Values alone = s.run({made.back()})[0];
    const std::vector<Values> kept = s.run(all);
    const auto at = std::find(all.begin(), all.end(), made.back()) - all.begin();
    CHECK(alone == kept[static_cast<std::size_t>(at)]);
    for (const bool fuse : {true, false}) {
      s.options.fuse = fuse;
      s.options.in_place = true;
      over += s.plan({made.back()}).arena_bytes();
      CHECK(s.run({made.back()})[0] == alone);
      s.options.in_place = false;
      beside += s.plan({made.back()}).arena_bytes();
      CHECK(s.run({made.back()})[0] == alone);
    }
  }
  CHECK(over < beside);
}
