#include <string>
#include <vector>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

/// Loops with h' = a h + x over one axis: what bidirectional layers come down to.
struct Loops {
  Setup s;
  std::int64_t turns = 7;
  AxisId t = s.axis("T", turns), c = s.axis("C", 3);

  NodeId loop(NodeId x, double a, bool reverse) {
    auto body = std::make_shared<ScanBody>(s.axes);
    Graph& g = body->graph;
    const NodeId h = g.input(type(s.axes, {c})), xt = g.input(type(s.axes, {c}));
    // two calls a turn, the first of which has a value of its own for the turn
    const NodeId total = g.emit(OpId::sum, {h}, {.axes = {c}});
    const NodeId next = g.emit(OpId::add, {g.emit(OpId::mul, {total, g.constant(a)}), xt});
    body->axis = {t, turns};
    body->carried = body->walked = 1;
    body->next = {next};
    body->stacked = {next};
    body->reverse = reverse;
    const NodeId scan = s.emit(OpId::scan, {s.input({c}, {0, 1, 2}), x}, {.body = body});
    return s.emit(OpId::item, {scan}, {.index = 1});
  }
  NodeId values_along(double from) {
    Values list;
    for (std::int64_t i = 0; i < turns * 3; ++i) list.push_back(from + 0.125 * static_cast<double>(i % 5));
    return s.input({t, c}, list);
  }
};

/// What a run on so many threads gives.
std::vector<Values> results(const Loops& loops, const std::vector<NodeId>& outputs, int threads) {
  Plan plan = loops.s.plan(outputs);
  const Workers workers(threads);
  std::vector<Values> all;
  for (int run = 0; run < 3; ++run) plan.run(workers);
  for (std::size_t i = 0; i < outputs.size(); ++i) all.push_back(values(plan.output(static_cast<int>(i))));
  return all;
}

/// The values are those of a run on one thread.
void check_same(const Loops& loops, const std::vector<NodeId>& outputs) {
  const std::vector<Values> expected = results(loops, outputs, 1);
  for (const int threads : {2, 3}) CHECK(results(loops, outputs, threads) == expected);
}

}  // namespace

TEST_CASE("plan: loops that need nothing of each other run together, what the later one needs before") {
  Loops l;
  const NodeId one = l.loop(l.values_along(1), 0.25, false);
  const NodeId after = l.s.sum(one, {l.c});
  const NodeId x = l.s.sum(l.values_along(2), {l.c});
  const NodeId other = l.loop(l.s.emit(OpId::mul, {x, l.values_along(3)}), -0.5, true);
  const std::vector<NodeId> outputs{after, l.s.sum(other, {l.c})};
  Plan plan = l.s.plan(outputs);
  const std::string dump = plan.dump();
  CHECK(count(dump, "together\n  loop T = 7\n") == 1);
  CHECK(count(dump, "\n  loop T = 7, backward\n") == 1);
  check_same(l, outputs);
}

TEST_CASE("plan: a loop that needs what comes of another one waits for it") {
  Loops l;
  const NodeId one = l.loop(l.values_along(1), 0.25, false);
  const NodeId other = l.loop(l.s.emit(OpId::neg, {one}), -0.5, true);
  const NodeId third = l.loop(l.values_along(2), 0.5, false);  // may run beside the first
  const std::vector<NodeId> outputs{l.s.sum(other, {l.t}), l.s.sum(third, {l.t})};
  const std::string dump = l.s.plan(outputs).dump();
  CHECK(count(dump, "together\n") == 1);
  CHECK(count(dump, "\nloop T = 7, backward\n") == 1);
  check_same(l, outputs);
}

TEST_CASE("plan: loops of very different length stay apart") {
  Loops l;
  const NodeId one = l.loop(l.values_along(1), 0.25, false);
  const AxisId t = l.t;
  l.t = l.s.axis("U", l.turns = 70);
  const NodeId other = l.loop(l.values_along(2), -0.5, true);
  const std::vector<NodeId> outputs{l.s.sum(one, {t}), l.s.sum(other, {l.t})};
  CHECK(count(l.s.plan(outputs).dump(), "together\n") == 0);
}

TEST_CASE("plan: a loop that reads a parameter stays on its side of the update") {
  Loops l;
  const NodeId x = l.values_along(1), gradient = l.values_along(2);
  const NodeId one = l.loop(x, 0.25, false);
  const NodeId updated = l.s.emit(OpId::sgd, {x, gradient, l.s.sum(one, {l.t, l.c}), l.s.graph.constant(1)});
  const NodeId other = l.loop(updated, 0.25, false);
  const std::vector<NodeId> outputs{l.s.sum(one, {l.t}), l.s.sum(other, {l.t})};
  Plan plan = l.s.plan(outputs, {updated});
  CHECK(count(plan.dump(), "together\n") == 0);
  plan.run(Workers(3));

  Loops apart;  // the update by hand, of values that nobody else has
  const NodeId y = apart.values_along(1), step = apart.values_along(2);
  const NodeId before = apart.loop(y, 0.25, false);
  const NodeId moved = apart.s.emit(OpId::mul, {step, apart.s.sum(before, {apart.t, apart.c})});
  const NodeId after = apart.loop(apart.s.emit(OpId::sub, {y, moved}), 0.25, false);
  const std::vector<Values> expected =
      apart.s.run({apart.s.sum(before, {apart.t}), apart.s.sum(after, {apart.t})});
  for (int i = 0; i < 2; ++i) {
    const Values got = values(plan.output(i)), &wanted = expected[static_cast<std::size_t>(i)];
    REQUIRE(got.size() == wanted.size());
    for (std::size_t j = 0; j < got.size(); ++j) CHECK(got[j] == Approx(wanted[j]).epsilon(1e-12));
  }
}
