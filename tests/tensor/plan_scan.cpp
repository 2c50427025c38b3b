#include <algorithm>
#include <set>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

/// A loop with h' = 2 h + x, of whose values before and after each turn everything can be asked for.
struct Doubling {
  Setup s;
  AxisId t;
  NodeId scan = kNoNode;

  Doubling(const Values& x, bool reverse) {
    t = s.open("T", static_cast<std::int64_t>(x.size()));
    auto body = std::make_shared<ScanBody>(s.axes);
    const NodeId h = body->graph.input({}), xt = body->graph.input({});
    const NodeId next =
        body->graph.emit(OpId::add, {body->graph.emit(OpId::mul, {h, body->graph.constant(2)}), xt});
    body->axis = {t, s.axes[t].extent};
    body->carried = body->walked = 1;
    body->next = {next};
    body->stacked = {next, h};
    body->reverse = reverse;
    const NodeId first = s.input({}, {1});
    scan = s.emit(OpId::scan, {first, s.input({t}, x)}, {.body = body});
  }
  NodeId item(std::uint32_t i) { return s.emit(OpId::item, {scan}, {.index = i}); }
};

}  // namespace

TEST_CASE("plan: a loop, what it carries, what it stacks") {
  Doubling forward({1, 2, 3}, false);
  CHECK(forward.s.run({forward.item(0), forward.item(1), forward.item(2)}) ==
        std::vector<Values>{{19}, {3, 8, 19}, {1, 3, 8}});
  Doubling backward({1, 2, 3}, true);
  CHECK(backward.s.run({backward.item(0), backward.item(1), backward.item(2)}) ==
        std::vector<Values>{{25}, {25, 12, 5}, {12, 5, 1}});
}

TEST_CASE("plan: values before and after each turn share one buffer, and nothing is copied in the loop") {
  Doubling d({1, 2, 3}, false);
  const NodeId last = d.item(0), after = d.item(1), before = d.item(2);
  Plan plan =
      d.s.plan({d.s.emit(OpId::neg, {last}), d.s.emit(OpId::neg, {after}), d.s.emit(OpId::neg, {before})});
  CHECK(count(plan.dump(), "\n    ") == 0);
  CHECK(count(plan.dump(), "\n  %") == 1);  // mul and add
  CHECK(count(plan.dump(), " fused(mul add) ") == 1);
  CHECK(count(plan.dump(), " copy ") == 1);  // the first value
  plan.run(Workers(1));
  CHECK(values(plan.output(1)) == Values{-3, -8, -19});
  CHECK(values(plan.output(2)) == Values{-1, -3, -8});
}

TEST_CASE("plan: a next value that is a call's result under another name is computed where it belongs") {
  Setup s;
  const AxisId t = s.axis("T", 4), h = s.axis("H", 2), h1 = s.axis("H1", 2);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId v = g.input(type(s.axes, {h})), u = g.input(type(s.axes, {h1, h}));
  body->axis = {t, 4};
  body->carried = body->captured = 1;
  const NodeId product = g.emit(OpId::dot, {v, u}, {.axes = {h}});
  body->next = {g.emit(OpId::rename, {product}, {.axes = {h1}, .to = {h}})};
  const NodeId matrix = s.input({h1, h}, {1, 1, 1, 0});
  const NodeId scan = s.emit(OpId::scan, {s.input({h}, {1, 0}), matrix}, {.body = body});
  Plan plan = s.plan({s.emit(OpId::neg, {s.emit(OpId::item, {scan}, {.index = 0})})});
  CHECK(count(plan.dump(), " copy ") == 1);  // the first value
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{-5, -3});
}

TEST_CASE("plan: the last value alone, after none, one, two and three turns") {
  const Values x{1, 2, 3};
  const Values expected{1, 3, 8, 19};
  for (std::size_t turns = 0; turns <= 3; ++turns) {
    for (const bool reverse : {false, true}) {
      CAPTURE(turns, reverse);
      Values part(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(turns));
      if (reverse) std::reverse(part.begin(), part.end());
      Doubling d(part, reverse);
      CHECK(d.s.run({d.item(0)})[0] == Values{expected[turns]});
      Doubling all(part, reverse);
      Values after(expected.begin() + 1, expected.begin() + 1 + static_cast<std::ptrdiff_t>(turns));
      if (reverse) std::reverse(after.begin(), after.end());
      CHECK(all.s.run({all.item(0), all.item(1)}) == std::vector<Values>{{expected[turns]}, after});
    }
  }
}

TEST_CASE("plan: carried values that change places, and one that stays") {
  Setup s;
  const AxisId t = s.axis("T", 5), a = s.axis("A", 2);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId p = g.input(type(s.axes, {a})), q = g.input(type(s.axes, {a})), r = g.input(type(s.axes, {a}));
  body->axis = {t, 5};
  body->carried = 3;
  const NodeId sum = g.emit(OpId::add, {p, q});
  body->next = {q, sum, r};  // Fibonacci
  body->stacked = {sum, q, r, g.emit(OpId::rename, {sum}, {.axes = {a}, .to = {s.axis("A2", 2)}})};
  std::vector<NodeId> first{s.input({a}, {0, 1}), s.input({a}, {1, 1}), s.input({a}, {7, 8})};
  const NodeId scan = s.emit(OpId::scan, first, {.body = body});
  std::vector<NodeId> items;
  for (std::uint32_t i = 0; i < 7; ++i) items.push_back(s.emit(OpId::item, {scan}, {.index = i}));
  const Values sums{1, 2, 2, 3, 3, 5, 5, 8, 8, 13};
  const std::vector<Values> expected{
      {5, 8}, {8, 13}, {7, 8}, sums, {1, 1, 1, 2, 2, 3, 3, 5, 5, 8}, {7, 8, 7, 8, 7, 8, 7, 8, 7, 8}, sums};
  CHECK(s.run(items) == expected);
  for (std::size_t i = 0; i < items.size(); ++i) CHECK(s.run({items[i]})[0] == expected[i]);
}

TEST_CASE("plan: one value carried twice and stacked twice") {
  Setup s;
  const AxisId t = s.axis("T", 3);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId p = g.input({}), q = g.input({}), x = g.input({});
  body->axis = {t, 3};
  body->carried = 2;
  body->walked = 1;
  const NodeId next = g.emit(OpId::add, {g.emit(OpId::mul, {p, q}), x});
  body->next = {next, next};
  body->stacked = {next, next, q, g.constant(4), x};
  const NodeId scan =
      s.emit(OpId::scan, {s.input({}, {1}), s.input({}, {2}), s.input({t}, {1, 2, 3})}, {.body = body});
  std::vector<NodeId> items;
  for (std::uint32_t i = 0; i < 7; ++i) items.push_back(s.emit(OpId::item, {scan}, {.index = i}));
  CHECK(s.run(items) ==
        std::vector<Values>{{124}, {124}, {3, 11, 124}, {3, 11, 124}, {2, 3, 11}, {4, 4, 4}, {1, 2, 3}});
}

TEST_CASE("plan: walked along an axis that lies anywhere, captured values alive through the loop") {
  Setup s;
  const AxisId t = s.axis("T", 3), a = s.axis("A", 2);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId h = g.input(type(s.axes, {a})), x = g.input(type(s.axes, {a})), w = g.input(type(s.axes, {a}));
  body->axis = {t, 3};
  body->carried = body->walked = body->captured = 1;
  // Many values of one size, so that memory is taken again and again within a turn.
  NodeId y = g.emit(OpId::add, {h, x});
  for (int i = 0; i < 4; ++i) y = g.emit(OpId::sub, {g.emit(OpId::mul, {y, g.constant(2)}), y});
  const NodeId scaled = g.emit(OpId::mul, {y, w});
  body->next = {y};
  body->stacked = {scaled};
  const NodeId captured = s.emit(OpId::neg, {s.input({a}, {-1, -10})});
  const NodeId first = s.emit(OpId::neg, {s.input({a}, {0, 0})});
  const NodeId xs = s.emit(OpId::neg, {s.input({a, t}, {-1, -2, -3, -4, -5, -6})});
  const NodeId scan = s.emit(OpId::scan, {first, xs, captured}, {.body = body});
  const NodeId stacked = s.emit(OpId::item, {scan}, {.index = 1});
  const NodeId after = s.emit(OpId::add, {stacked, captured});
  CHECK(s.run({after})[0] == Values{2, 50, 4, 100, 7, 160});
}

TEST_CASE("plan: a loop in a loop, each either way") {
  for (const bool outer_reverse : {false, true}) {
    for (const bool inner_reverse : {false, true}) {
      CAPTURE(outer_reverse, inner_reverse);
      Setup s;
      const AxisId t = s.axis("T", 3), u = s.axis("U", 2);
      // Inner: k' = 3 k + x + c, stacked k'; outer: h' = last k + 1, from k = h.
      auto inner = std::make_shared<ScanBody>(s.axes);
      const NodeId k = inner->graph.input({}), x = inner->graph.input({}), c = inner->graph.input({});
      const NodeId tripled = inner->graph.emit(OpId::mul, {k, inner->graph.constant(3)});
      const NodeId next_k = inner->graph.emit(OpId::add, {inner->graph.emit(OpId::add, {tripled, x}), c});
      inner->axis = {u, 2};
      inner->carried = inner->walked = inner->captured = 1;
      inner->next = {next_k};
      inner->stacked = {next_k, k};
      inner->reverse = inner_reverse;
      auto outer = std::make_shared<ScanBody>(s.axes);
      const NodeId h = outer->graph.input({}), row = outer->graph.input(type(s.axes, {u}));
      const NodeId ct = outer->graph.input({});
      const NodeId scan = outer->graph.emit(OpId::scan, {h, row, ct}, {.body = inner});
      const auto item = [&](Graph& g, NodeId of, std::uint32_t i) {
        return g.emit(OpId::item, {of}, {.index = i});
      };
      const NodeId next_h =
          outer->graph.emit(OpId::add, {item(outer->graph, scan, 0), outer->graph.constant(1)});
      outer->axis = {t, 3};
      outer->carried = 1;
      outer->walked = 2;
      outer->next = {next_h};
      outer->stacked = {item(outer->graph, scan, 1), item(outer->graph, scan, 2), h};
      outer->reverse = outer_reverse;
      const Values xs{1, 2, 3, 4, 5, 6}, cs{10, 20, 30};
      const NodeId top =
          s.emit(OpId::scan, {s.input({}, {1}), s.input({t, u}, xs), s.input({t}, cs)}, {.body = outer});

      Values before(6), after(6), starts(3);
      double value = 1;
      for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t ti = outer_reverse ? 2 - i : i;
        starts[ti] = value;
        for (std::size_t j = 0; j < 2; ++j) {
          const std::size_t uj = inner_reverse ? 1 - j : j;
          before[2 * ti + uj] = value;
          value = 3 * value + xs[2 * ti + uj] + cs[ti];
          after[2 * ti + uj] = value;
        }
        value += 1;
      }
      CHECK(s.run({item(s.graph, top, 0), item(s.graph, top, 1), item(s.graph, top, 2),
                   item(s.graph, top, 3)}) == std::vector<Values>{{value}, after, before, starts});
    }
  }
}

TEST_CASE("plan: random numbers of a turn belong to its position, and no two turns share them") {
  const auto draw = [](bool reverse) {
    Setup s;
    const AxisId t = s.axis("T", 3), u = s.axis("U", 4);
    auto inner = std::make_shared<ScanBody>(s.axes);
    inner->axis = {u, 4};
    inner->stacked = {inner->graph.emit(OpId::random_uniform, {}, {.numbers = {0, 1}, .index = 5})};
    inner->reverse = reverse;
    auto outer = std::make_shared<ScanBody>(s.axes);
    outer->axis = {t, 3};
    outer->reverse = reverse;
    const NodeId scan = outer->graph.emit(OpId::scan, {}, {.body = inner});
    outer->stacked = {outer->graph.emit(OpId::item, {scan}, {.index = 0})};
    const NodeId top = s.emit(OpId::scan, {}, {.body = outer});
    return s.run({s.emit(OpId::item, {top}, {.index = 0})})[0];
  };
  const Values numbers = draw(false);
  CHECK(std::set<double>(numbers.begin(), numbers.end()).size() == 12);
  CHECK(draw(true) == numbers);
}

TEST_CASE("plan: of a loop only what is asked for is computed") {
  Setup s;
  const AxisId t = s.axis("T", 3);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId p = g.input({}), q = g.input({}), x = g.input({}), w = g.input({});
  body->axis = {t, 3};
  body->carried = 2;
  body->walked = body->captured = 1;
  body->next = {g.emit(OpId::add, {p, x}), g.emit(OpId::mul, {q, p})};
  body->stacked = {g.emit(OpId::exp, {q}), g.emit(OpId::sqrt, {w})};
  const NodeId unneeded = s.emit(OpId::log, {s.input({}, {5})});
  const NodeId scan =
      s.emit(OpId::scan, {s.input({}, {1}), unneeded, s.input({t}, {1, 2, 3}), unneeded}, {.body = body});
  const NodeId first = s.emit(OpId::item, {scan}, {.index = 0});
  const NodeId second = s.emit(OpId::item, {scan}, {.index = 1});
  Plan one = s.plan({s.emit(OpId::neg, {first})});
  for (const char* name : {" mul ", " exp ", " sqrt ", " log "}) CHECK(count(one.dump(), name) == 0);
  CHECK(count(one.dump(), "loop T = 3\n") == 1);
  one.run(Workers(1));
  CHECK(values(one.output(0)) == Values{-7});
  // The second one reads the first, so both are carried.
  CHECK(count(s.plan({second}).dump(), " fused(add mul) ") == 1);
}
