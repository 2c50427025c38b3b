#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

TEST_CASE("plan: an update writes the bound tensor") {
  Setup s;
  const AxisId a = s.axis("A", 3);
  const NodeId w = s.input({a}, {1, 2, 3});
  const NodeId g = s.input({a}, {8, 16, 24});
  const NodeId next = s.emit(OpId::sgd, {w, g, s.graph.constant(0.5), s.graph.constant(0.25)});
  Plan plan = s.plan({}, {next});
  CHECK(count(plan.dump(), "\n") == 1);
  plan.run(Workers(1));
  CHECK(values(s.inputs[0]) == Values{0, 0, 0});
  plan.run(Workers(1));
  CHECK(values(s.inputs[0]) == Values{-1, -2, -3});
}

TEST_CASE("plan: who reads an old value after the update gets the old one, who reads the result the new") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 2);
  const NodeId w = s.input({a}, {1, 2});
  const NodeId alias = s.rename(w, a, b);
  const NodeId before = s.emit(OpId::neg, {w});
  const NodeId next = s.emit(OpId::assign, {w, s.emit(OpId::add, {w, s.graph.constant(10)})});
  const NodeId old = s.emit(OpId::mul, {w, s.graph.constant(100)});
  const NodeId old_alias = s.emit(OpId::mul, {alias, s.graph.constant(3)});
  const NodeId fresh = s.emit(OpId::mul, {next, s.graph.constant(100)});
  Plan plan = s.plan({before, old, old_alias, fresh, w, next}, {next});
  CHECK(count(plan.dump(), " copy ") == 3);  // w, its alias, and the result as output
  plan.run(Workers(1));
  CHECK(values(s.inputs[0]) == Values{11, 12});
  CHECK(values(plan.output(0)) == Values{-1, -2});
  CHECK(values(plan.output(1)) == Values{100, 200});
  CHECK(values(plan.output(2)) == Values{3, 6});
  CHECK(values(plan.output(3)) == Values{1100, 1200});
  CHECK(values(plan.output(4)) == Values{1, 2});
  CHECK(values(plan.output(5)) == Values{11, 12});
}

TEST_CASE("plan: updates in order, each on what the one before left") {
  Setup s;
  const AxisId a = s.axis("A", 2);
  const NodeId w = s.input({a}, {1, 2});
  const NodeId one = s.emit(OpId::assign, {w, s.emit(OpId::mul, {w, s.graph.constant(2)})});
  const NodeId two = s.emit(OpId::assign, {one, s.emit(OpId::add, {one, s.graph.constant(1)})});
  // The same tensor named by its first value: written all the same, and read as it was.
  const NodeId three = s.emit(OpId::assign, {w, s.emit(OpId::sub, {two, w})});
  Plan plan = s.plan({one, two, three}, {one, two, three});
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{2, 4});
  CHECK(values(plan.output(1)) == Values{3, 5});
  CHECK(values(plan.output(2)) == Values{2, 3});
  CHECK(values(s.inputs[0]) == Values{2, 3});
}

TEST_CASE("plan: two inputs bound to one tensor are one memory") {
  Setup s;
  const AxisId a = s.axis("A", 2);
  const NodeId w = s.input({a}, {1, 2});
  const NodeId same = s.graph.input(type(s.axes, {a}));
  s.inputs.push_back(s.inputs[0]);
  const NodeId next = s.emit(OpId::assign, {w, s.graph.constant(9)});
  const NodeId old = s.emit(OpId::neg, {same});
  CHECK(s.run({old}, {next})[0] == Values{-1, -2});
  CHECK(values(s.inputs[0]) == Values{9, 9});
}

TEST_CASE("plan: a value that is a view of its own target is read whole before it is written") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 2), c = s.axis("C", 2);
  const NodeId w = s.input({a, b}, {1, 2, 3, 4});
  const NodeId turned = s.rename(s.rename(s.rename(w, a, c), b, a), c, b);
  const NodeId next = s.emit(OpId::assign, {w, turned});
  s.run({}, {next});
  CHECK(values(s.inputs[0]) == Values{1, 3, 2, 4});
}

TEST_CASE("plan: part of a tensor is updated through a view") {
  Setup s;
  const AxisId a = s.axis("A", 4);
  const NodeId w = s.input({a}, {1, 2, 3, 4});
  const NodeId next = s.emit(OpId::assign, {s.slice(w, a, 1, 2), s.graph.constant(0)});
  s.run({}, {next});
  CHECK(values(s.inputs[0]) == Values{1, 0, 0, 4});
}

TEST_CASE("plan: rows are written where indices say, the last of several stays") {
  Setup s;
  const AxisId a = s.axis("A", 4), b = s.axis("B", 3), e = s.axis("E", 2);
  const NodeId w = s.input({a, e}, {1, 2, 3, 4, 5, 6, 7, 8});
  const auto index = [&](double i) {
    return s.graph.constant(i, TensorType{{ElementKind::integer, {}}, {}});
  };
  const NodeId i = s.emit(OpId::concat, {index(2), index(4), index(2)}, {.axes = {b}});
  const NodeId x = s.input({b, e}, {10, 20, 30, 40, 50, 60});
  const NodeId next = s.emit(OpId::assign_at, {w, i, x}, {.axes = {a}});
  const NodeId last =
      s.emit(OpId::assign_at, {next, index(0), index(1), s.graph.constant(9)}, {.axes = {a, e}});
  const NodeId old = s.emit(OpId::neg, {w});
  CHECK(s.run({old}, {next, last})[0] == Values{-1, -2, -3, -4, -5, -6, -7, -8});
  CHECK(values(s.inputs[0]) == Values{1, 9, 3, 4, 50, 60, 7, 8});
}

TEST_CASE("plan: Adam writes parameter and moments, also where they lie in another order") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 2);
  const NodeId w = s.graph.input(type(s.axes, {a, b}));
  s.inputs.push_back(s.tensor({b, a}, {1, 3, 2, 4}, DType::f64));
  const NodeId m = s.input({a, b}, {0, 0, 0, 0}), v = s.input({a, b}, {0, 0, 0, 0});
  const NodeId g = s.input({a, b}, {1, -2, 3, -4});
  const NodeId old_m = s.emit(OpId::add, {m, s.graph.constant(5)});
  const NodeId next =
      s.emit(OpId::adam, {w, m, v, g, s.graph.constant(0.1), s.graph.constant(1), s.graph.constant(1)},
             {.numbers = {0.5, 0.75, 0, 0}});
  const NodeId later = s.emit(OpId::add, {m, s.graph.constant(7)});
  const auto results = s.run({old_m, later}, {next});
  // After one step m = g / 2 and v = g^2 / 4; corrected g and g^2: each element moves by the rate.
  CHECK(values(s.inputs[1]) == Values{0.5, -1, 1.5, -2});
  CHECK(values(s.inputs[2]) == Values{0.25, 1, 2.25, 4});
  const Values moved{0.9, 2.9, 2.1, 4.1};  // in the tensor's order [B, A]
  for (std::size_t i = 0; i < 4; ++i) CHECK(s.inputs[0].at(static_cast<std::int64_t>(i)) == Approx(moved[i]));
  CHECK(results[0] == Values(4, 5));
  CHECK(results[1] == Values(4, 7));
}

TEST_CASE("plan: a computed value can't be updated") {
  Setup s;
  const AxisId a = s.axis("A", 2);
  const NodeId x = s.emit(OpId::neg, {s.input({a}, {1, 2})});
  const NodeId next = s.emit(OpId::assign, {x, s.graph.constant(0)});
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({}, {next}); }) ==
        "[assign] expected an input of the graph to update, got a computed value");
}
