#include "tensor/plan/cost.h"

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

TEST_CASE("plan cost: a product counts two for each of its steps") {
  Setup s;
  const AxisId a = s.axis("A", 2), b = s.axis("B", 3), c = s.axis("C", 4);
  const NodeId x = s.graph.input(type(s.axes, {a, b})), y = s.graph.input(type(s.axes, {b, c}));
  const NodeId z = s.emit(OpId::dot, {x, y}, {.axes = {b}});
  const std::vector<NodeId> outputs = {z};
  const PlanCost cost = plan_cost(s.graph, outputs, {}, s.bindings, {DType::f32, Device::cpu});
  CHECK(cost.total.calls == 1);
  CHECK(cost.total.flops == 2 * 2 * 3 * 4);
  CHECK(cost.total.bytes == 4 * (2 * 3 + 3 * 4 + 2 * 4));
  CHECK(cost.by_op.at("dot").flops == cost.total.flops);
  CHECK(cost.arena_bytes >= 4 * 2 * 4);
  const PlanCost wide = plan_cost(s.graph, outputs, {}, s.bindings, {DType::f64, Device::cpu});
  CHECK(wide.total.bytes == 2 * cost.total.bytes);
}

TEST_CASE("plan cost: a call in a loop counts once a turn, a repeated operand once") {
  Setup s;
  const AxisId t = s.axis("T", 5), d = s.axis("D", 6);
  auto body = std::make_shared<ScanBody>(s.axes);
  const NodeId h = body->graph.input(type(s.axes, {d})), xt = body->graph.input({});
  body->axis = {t, s.axes[t].extent};
  body->carried = body->walked = 1;
  body->next = {body->graph.emit(OpId::mul, {h, xt})};
  const NodeId first = s.graph.input(type(s.axes, {d})), x = s.graph.input(type(s.axes, {t}));
  const NodeId scan = s.emit(OpId::scan, {first, x}, {.body = body});
  const std::vector<NodeId> outputs = {s.emit(OpId::item, {scan}, {.index = 0})};
  const PlanCost cost = plan_cost(s.graph, outputs, {}, s.bindings, {DType::f32, Device::cpu});
  CHECK(cost.by_op.at("mul").calls == 5);
  CHECK(cost.by_op.at("mul").flops == 5 * 6);
  CHECK(cost.by_op.at("mul").bytes == 5 * 4 * (6 + 6 + 1));
}

TEST_CASE("plan cost: of a table only the rows asked for are read") {
  Setup s;
  const AxisId v = s.axis("V", 1000), d = s.axis("D", 8), b = s.axis("B", 4);
  TensorType indices = type(s.axes, {b});
  indices.element = {ElementKind::index, v};
  const NodeId table = s.graph.input(type(s.axes, {v, d})), index = s.graph.input(indices);
  const std::vector<NodeId> outputs = {s.emit(OpId::gather, {table, index}, {.axes = {v}})};
  const PlanCost cost = plan_cost(s.graph, outputs, {}, s.bindings, {DType::f32, Device::cpu});
  CHECK(cost.total.flops == 0);
  CHECK(cost.total.bytes == 4 * (8 * 4 + 8 * 4 + 4));
}

TEST_CASE("plan cost: an extent without a value is refused") {
  Setup s;
  const AxisId t = s.axis("T", Extent(s.axes.symbols().fresh("T")));
  const std::vector<NodeId> outputs = {s.graph.input(type(s.axes, {t}))};
  CHECK_THROWS_AS(plan_cost(s.graph, outputs, {}, s.bindings), std::invalid_argument);
}
