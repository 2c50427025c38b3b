#include <cmath>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

TEST_CASE("plan: an elementwise chain with broadcasting by name") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 3);
  const NodeId x = s.input({a, b}, {1, 2, 3, 4, 5, 6});
  const NodeId y = s.input({b}, {10, 20, 30});
  const NodeId z = s.emit(OpId::mul, {s.emit(OpId::add, {x, y}), s.graph.constant(2)});
  const NodeId only_b = s.emit(OpId::sub, {y, s.graph.constant(1)});
  CHECK(s.run({z, only_b}) == std::vector<Values>{{22, 44, 66, 28, 50, 72}, {9, 19, 29}});
}

TEST_CASE("plan: reductions and products against hand results") {
  Setup s;
  const AxisId m = s.axis("M", 2), k = s.axis("K", 3), n = s.axis("N", 2);
  const NodeId x = s.input({m, k}, {1, 2, 3, 4, 5, 6});
  const NodeId w = s.input({k, n}, {1, -1, 0, 2, 3, 1});
  const NodeId y = s.emit(OpId::dot, {x, w}, {.axes = {k}});
  REQUIRE(s.graph.type(y).dims[0].axis == m);
  CHECK(s.run({y, s.sum(y, {m}), s.sum(y, {m, n}), s.emit(OpId::max, {x}, {.axes = {m}})}) ==
        std::vector<Values>{{10, 6, 22, 12}, {32, 18}, {50}, {4, 5, 6}});
}

TEST_CASE("plan: a tensor whose axes lie in another order than the type says") {
  Setup s;
  const AxisId m = s.axis("M", 2), k = s.axis("K", 3);
  const NodeId x = s.graph.input(type(s.axes, {m, k}));
  s.inputs.push_back(s.tensor({k, m}, {1, 4, 2, 5, 3, 6}, DType::f64));
  const NodeId y = s.input({k}, {1, 10, 100});
  const NodeId dot = s.emit(OpId::dot, {x, y}, {.axes = {k}});
  CHECK(s.run({x, s.sum(x, {k}), dot}) == std::vector<Values>{{1, 2, 3, 4, 5, 6}, {6, 15}, {321, 654}});
}

TEST_CASE("plan: constants and extents") {
  Setup s;
  const AxisId a = s.open("A", 3), b = s.axis("B", 2);
  const NodeId filled = s.graph.constant(-2.5, type(s.axes, {a, b}));
  const NodeId whole = s.graph.constant(7, type(s.axes, {b}, ElementKind::integer));
  const NodeId yes = s.graph.constant(1, type(s.axes, {}, ElementKind::boolean));
  const NodeId length = s.emit(OpId::extent, {}, {.extents = {s.axes[a].extent * 2 + 1}});
  const NodeId infinite = s.graph.constant(-INFINITY);
  const auto results = s.run({filled, whole, yes, length, infinite, s.sum(filled, {a})});
  CHECK(results[0] == Values(6, -2.5));
  CHECK(results[1] == Values{7, 7});
  CHECK(results[2] == Values{1});
  CHECK(results[3] == Values{7});
  CHECK(results[4] == Values{-INFINITY});
  CHECK(results[5] == Values{-7.5, -7.5});
}

TEST_CASE("plan: other bindings, another plan") {
  Setup s;
  const AxisId t = s.open("T", 4);
  const NodeId x = s.input({t}, {1, 2, 3, 4});
  const NodeId total = s.sum(x, {t});
  CHECK(s.run({total})[0] == Values{10});
  s.bindings.bind(s.symbol(t), 2);
  // The tensor still has the extent of before.
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({total}); }) ==
        "[plan] expected f64[T = 2] as input 0, got f64[T = 4]");
  s.inputs[0] = s.tensor({t}, {5, 6}, DType::f64);
  CHECK(s.run({total})[0] == Values{11});
}

TEST_CASE("plan: extents of zero") {
  Setup s;
  const AxisId a = s.open("A", 0), b = s.axis("B", 2);
  const NodeId x = s.input({a, b}, {});
  const NodeId w = s.input({b}, {3, 4});
  const NodeId y = s.emit(OpId::mul, {x, w});
  const NodeId sum = s.sum(y, {a});
  const NodeId dot = s.emit(OpId::dot, {x, x}, {.axes = {a, b}});
  CHECK(s.run({y, sum, dot}) == std::vector<Values>{{}, {0, 0}, {0}});
}

TEST_CASE("plan: reading anew what the bound tensor holds, in every run") {
  Setup s;
  const AxisId a = s.axis("A", 2);
  const NodeId x = s.input({a}, {1, 2});
  Plan plan = s.plan({s.emit(OpId::neg, {x})});
  const Workers workers(1);
  plan.run(workers);
  const Tensor out = plan.output(0);
  CHECK(values(out) == Values{-1, -2});
  set(s.inputs[0], {5, 6});
  plan.run(workers);
  CHECK(values(out) == Values{-5, -6});
  CHECK(out.axes() == s.inputs[0].axes());
  // The memory of an output outlives its plan.
  Plan moved = std::move(plan);
  { Plan last = std::move(moved); }
  CHECK(values(out) == Values{-5, -6});
}

TEST_CASE("plan: pad, concat, gather and scatter_add, whose operands have spaces of their own") {
  Setup s;
  const AxisId r = s.axis("R", 2), v = s.axis("V", 4), c = s.axis("C", 3), e = s.axis("E", 2);
  const NodeId table = s.input({v, e}, {0, 1, 10, 11, 20, 21, 30, 31});
  const NodeId ids = s.input({r}, {3, 1}, ElementKind::integer);
  const NodeId rows = s.emit(OpId::gather, {table, ids}, {.axes = {v}});
  const NodeId scattered = s.emit(OpId::scatter_add, {ids, rows}, {.axes = {v}, .type = s.graph.type(table)});
  const NodeId joined = s.emit(OpId::concat, {s.rename(rows, r, c), s.input({e}, {7, 8})}, {.axes = {c}});
  const NodeId padded = s.emit(OpId::pad, {rows}, {.axes = {r}, .extents = {1}, .type = [&] {
                                                     TensorType whole = s.graph.type(rows);
                                                     whole.dims[0].extent = 4;
                                                     return whole;
                                                   }()});
  CHECK(s.run({rows, scattered, joined, padded}) == std::vector<Values>{{30, 31, 10, 11},
                                                                        {0, 0, 10, 11, 0, 0, 30, 31},
                                                                        {30, 31, 10, 11, 7, 8},
                                                                        {0, 0, 30, 31, 10, 11, 0, 0}});
}

TEST_CASE("plan: nodes that nothing needs are left out") {
  Setup s;
  const AxisId a = s.axis("A", 2);
  const NodeId x = s.input({a}, {1, 2});
  const NodeId unbound = s.graph.input(type(s.axes, {a}));
  s.inputs.emplace_back();
  const NodeId dead = s.emit(OpId::exp, {unbound});
  const NodeId y = s.emit(OpId::neg, {x});
  s.emit(OpId::mul, {dead, y});
  const Plan plan = s.plan({y});
  CHECK(count(plan.dump(), "\n") == 1);
  CHECK(count(plan.dump(), " neg [2] <- input 0 -> arena 0\n") == 1);
}

TEST_CASE("plan: arguments that don't fit") {
  Setup s;
  const SymbolId unknown = s.axes.symbols().fresh("T");
  const AxisId t = s.axis("T", Extent(unknown)), a = s.axis("A", 2);
  const NodeId x = s.input({a}, {1, 2});
  const NodeId y = s.emit(OpId::add, {x, s.graph.constant(1, type(s.axes, {t}))});
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({y}); }) ==
        "[plan] expected a value for every extent, got none for T");
  s.bindings.bind(unknown, 3);
  CHECK_NOTHROW(s.plan({y}));
  s.inputs[0] = Tensor(DType::f32, {{a, 2}});
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({y}); }) ==
        "[plan] expected f64[A = 2] as input 0, got f32[A = 2]");
  s.inputs[0] = {};
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({y}); }) ==
        "[plan] expected f64[A = 2] as input 0, got nothing");
  s.inputs.clear();
  CHECK(fault_of<std::invalid_argument>([&] { s.plan({y}); }) == "[plan] expected 1 inputs, got 0");
}

TEST_CASE("plan: extents that an op can't do with are told of with the node's place") {
  const auto fault = [](auto&& make) {
    Setup s;
    const AxisId t = s.open("T", 3), none = s.open("N", 0);
    s.graph.set_origin({0, 7, 9});
    const NodeId x = s.input({t}, {1, 2, 3}), nothing = s.input({none}, {});
    const NodeId y = make(s, x, t, nothing, none);
    s.graph.set_origin({});
    try {
      s.plan({y});
    } catch (const PlanError& e) {
      CHECK(e.origin == Span{0, 7, 9});
      return std::string(e.what());
    }
    return std::string("nothing was thrown");
  };
  const TensorType integer{{ElementKind::integer, {}}, {}};
  CHECK(fault([&](Setup& s, NodeId x, AxisId t, NodeId, AxisId) {
          return s.emit(OpId::gather, {x, s.graph.constant(3, integer)}, {.axes = {t}});
        }) == "[gather] expected a position of T = 3, got 3");
  CHECK(fault([&](Setup& s, NodeId x, AxisId t, NodeId, AxisId) { return s.slice(x, t, 2, 2); }) ==
        "[slice] expected a part of T = 3, got 2 positions from 2 on");
  CHECK(fault([&](Setup& s, NodeId, AxisId, NodeId nothing, AxisId none) {
          return s.emit(OpId::argmax, {nothing}, {.axes = {none}});
        }) == "[argmax] expected at least one position of N, got none");
  CHECK(fault([&](Setup& s, NodeId x, AxisId t, NodeId, AxisId) {
          const AxisId k = s.axis("K", 4);
          return s.emit(OpId::top_k, {x}, {.axes = {t}, .to = {k}, .extents = {4}, .numbers = {0}});
        }) == "[top_k] expected at least 4 positions of T, got 3");
  // In a loop's body the body's own node is at fault.
  CHECK(fault([&](Setup& s, NodeId x, AxisId t, NodeId, AxisId) {
          const AxisId l = s.axis("L", 2);
          auto body = std::make_shared<ScanBody>(s.axes);
          body->axis = {l, s.axes[l].extent};
          body->captured = 1;
          const NodeId inside = body->graph.input(type(s.axes, {t}));
          body->graph.set_origin({0, 7, 9});
          body->stacked = {body->graph.emit(
              OpId::neg, {body->graph.emit(OpId::slice, {inside}, {.axes = {t}, .extents = {2, 2}})})};
          s.graph.set_origin({0, 1, 2});
          return s.emit(OpId::item, {s.emit(OpId::scan, {x}, {.body = body})}, {.index = 0});
        }) == "[slice] expected a part of T = 3, got 2 positions from 2 on");
}
