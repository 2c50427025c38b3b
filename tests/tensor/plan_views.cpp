#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

TEST_CASE("plan: a slice of a rename of a merge is the same memory, seen otherwise") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 3), c = s.axis("C", 2);
  const AxisId ab = s.axis("AB", 6), n = s.axis("N", 6);
  const NodeId x = s.input({a, b, c}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const NodeId merged = s.emit(OpId::merge, {x}, {.axes = {a, b}, .to = {ab}});
  const NodeId part = s.slice(s.rename(merged, ab, n), n, 1, 3);
  const NodeId y = s.emit(OpId::neg, {s.emit(OpId::stop, {part})});
  Plan plan = s.plan({y});
  CHECK(count(plan.dump(), "\n") == 1);
  CHECK(count(plan.dump(), "neg [3, 2] <- input 0 + 16 -> arena 0") == 1);
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{-2, -3, -4, -5, -6, -7});
}

TEST_CASE("plan: axes that don't lie side by side are copied before they are merged") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 3), ba = s.axis("BA", 6);
  const NodeId x = s.input({a, b}, {0, 1, 2, 3, 4, 5});
  const NodeId merged = s.emit(OpId::merge, {x}, {.axes = {b, a}, .to = {ba}});
  Plan plan = s.plan({s.emit(OpId::neg, {merged})});
  CHECK(count(plan.dump(), " copy ") == 1);
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{0, -3, -1, -4, -2, -5});
}

TEST_CASE("plan: split, then merged again, needs no copy") {
  Setup s;
  const AxisId n = s.axis("N", 6), a = s.axis("A", 2), b = s.axis("B", 3);
  const NodeId x = s.input({n}, {0, 1, 2, 3, 4, 5});
  const NodeId parts = s.emit(OpId::split, {x}, {.axes = {n}, .to = {a, b}, .extents = {2, 3}});
  const NodeId again = s.emit(OpId::merge, {parts}, {.axes = {a, b}, .to = {n}});
  const NodeId turned = s.emit(OpId::merge, {parts}, {.axes = {b, a}, .to = {n}});
  const NodeId sums = s.sum(parts, {a});
  Plan plan = s.plan({s.emit(OpId::neg, {again}), s.emit(OpId::neg, {turned}), sums});
  CHECK(count(plan.dump(), " copy ") == 1);
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{0, -1, -2, -3, -4, -5});
  CHECK(values(plan.output(1)) == Values{0, -3, -1, -4, -2, -5});
  CHECK(values(plan.output(2)) == Values{3, 5, 7});
}

TEST_CASE("plan: broadcast constants and axes of one position merge without a copy") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 1), c = s.axis("C", 3), n = s.axis("N", 6);
  const NodeId x = s.graph.constant(4, type(s.axes, {c, b, a}));
  const NodeId y = s.input({a, c, b}, {0, 1, 2, 3, 4, 5});
  const NodeId p = s.emit(OpId::merge, {x}, {.axes = {a, b, c}, .to = {n}});
  const NodeId q = s.emit(OpId::merge, {y}, {.axes = {a, b, c}, .to = {n}});
  Plan plan = s.plan({s.emit(OpId::add, {p, q})});
  CHECK(count(plan.dump(), " copy ") == 0);
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{4, 5, 6, 7, 8, 9});
}

TEST_CASE("plan: slices with symbolic bounds, a position picked out, bounds past the axis") {
  Setup s;
  const AxisId t = s.open("T", 4), a = s.axis("A", 2);
  const NodeId x = s.input({t, a}, {0, 1, 2, 3, 4, 5, 6, 7});
  const Extent length = s.axes[t].extent;
  const NodeId last = s.emit(OpId::slice, {x}, {.axes = {t}, .extents = {length - 1, 1}, .numbers = {1}});
  const NodeId none = s.slice(x, t, length, 0);
  const NodeId early = s.slice(x, t, 0, length - 2);
  CHECK(s.run({last, none, early, s.sum(none, {t})}) ==
        std::vector<Values>{{6, 7}, {}, {0, 1, 2, 3}, {0, 0}});

  s.bindings.bind(s.symbol(t), 1);
  s.inputs[0] = s.tensor({t, a}, {8, 9}, DType::f64);
  CHECK(s.run({last})[0] == Values{8, 9});
  CHECK(fault_of<std::invalid_argument>([&] { s.run({early}); }) ==
        "[slice] expected a part of T = 1, got -1 positions from 0 on");
  const NodeId past = s.slice(x, t, 2, 1);
  CHECK(fault_of<std::invalid_argument>([&] { s.run({s.emit(OpId::neg, {past})}); }) ==
        "[slice] expected a part of T = 1, got 1 positions from 2 on");
}

TEST_CASE("plan: views as outputs have memory of their own, in the order of their types") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 2), c = s.axis("C", 2);
  const NodeId x = s.input({a, b}, {1, 2, 3, 4});
  const NodeId y = s.emit(OpId::neg, {x});
  Plan plan = s.plan({x, s.rename(x, a, c), s.slice(y, b, 1, 1), s.rename(y, b, c)});
  plan.run(Workers(1));
  set(s.inputs[0], {0, 0, 0, 0});
  CHECK(values(plan.output(0)) == Values{1, 2, 3, 4});
  CHECK(values(plan.output(1)) == Values{1, 2, 3, 4});
  CHECK(plan.output(1).axes()[0].axis == c);
  CHECK(values(plan.output(2)) == Values{-2, -4});
  CHECK(values(plan.output(3)) == Values{-1, -2, -3, -4});
}

TEST_CASE("plan: an output that is part of a value is aligned like any tensor") {
  Setup s;
  const AxisId a = s.axis("A", 3);
  const NodeId y = s.emit(OpId::neg, {s.input({a}, {1, 2, 3})});
  Plan plan = s.plan({s.slice(y, a, 1, 2)});
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{-2, -3});
  CHECK(reinterpret_cast<std::uintptr_t>(plan.output(0).data()) % 64 == 0);
}

TEST_CASE("plan: a view that is asked for has its axes in the order they lie in") {
  Setup s;
  const AxisId n = s.axis("N", 6), a = s.axis("A", 2), b = s.axis("B", 3);
  const NodeId x = s.emit(OpId::neg, {s.input({n}, {0, 1, 2, 3, 4, 5})});
  Plan plan = s.plan({s.emit(OpId::split, {x}, {.axes = {n}, .to = {a, b}, .extents = {2, 3}})});
  CHECK(count(plan.dump(), " copy ") == 0);
  plan.run(Workers(1));
  CHECK(plan.output(0).axes() == std::vector<Tensor::Size>{{a, 2}, {b, 3}});
  CHECK(values(plan.output(0)) == Values{0, -1, -2, -3, -4, -5});
}
