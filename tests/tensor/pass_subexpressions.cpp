#include "tensor/passes/subexpressions.h"

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

/// What a graph computes, planned as it is written.
std::vector<Values> run(const Setup& s, const Graph& graph, const std::vector<NodeId>& outputs,
                        const std::vector<NodeId>& effects) {
  PlanOptions options = s.options;
  options.share = false;
  Plan plan(graph, outputs, effects, s.bindings, s.inputs, options);
  plan.run(Workers(1), {});
  std::vector<Values> result;
  for (std::size_t i = 0; i < outputs.size(); ++i) result.push_back(values(plan.output(static_cast<int>(i))));
  return result;
}

int nodes(const Graph& graph, OpId id) {
  int n = 0;
  for (NodeId i = 0; i < graph.size(); ++i) n += graph[i].op == id ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("subexpressions: equal nodes are one, dead ones none, and values keep their bits") {
  Setup s;
  const AxisId h = s.axis("H", 3);
  const NodeId x = s.input({h}, {0.1, -0.7, 1e300});
  const NodeId unused = s.input({h}, {1, 2, 3});
  s.emit(OpId::neg, {unused});
  const NodeId a = s.emit(OpId::tanh, {s.emit(OpId::exp, {x})});
  const NodeId b = s.emit(OpId::tanh, {s.emit(OpId::exp, {x})});
  const NodeId sum = s.emit(OpId::add, {a, b});
  const SharedGraph after = share_subexpressions(s.graph, std::vector{sum, b}, {});
  CHECK(nodes(after.graph, OpId::exp) == 1);
  CHECK(nodes(after.graph, OpId::tanh) == 1);
  CHECK(nodes(after.graph, OpId::neg) == 0);
  CHECK(after.graph.inputs().size() == 2);
  CHECK(run(s, after.graph, after.outputs, {}) == run(s, s.graph, {sum, b}, {}));
}

TEST_CASE("subexpressions: zeros of two signs, streams and slots stay apart") {
  Setup s;
  const AxisId h = s.axis("H", 2);
  const NodeId plus = s.graph.constant(0.0), minus = s.graph.constant(-0.0);
  const NodeId x = s.input({h}, {1, 2}), y = s.input({h}, {1, 2});
  const auto draw = [&](std::uint32_t stream) {
    return s.emit(OpId::dropout, {x}, {.numbers = {0.5}, .index = stream});
  };
  const std::vector<NodeId> asked{plus, minus, x, y, draw(1), draw(2), draw(1)};
  const SharedGraph after = share_subexpressions(s.graph, asked, {});
  CHECK(after.outputs[0] != after.outputs[1]);
  CHECK(after.outputs[2] != after.outputs[3]);
  CHECK(after.outputs[4] != after.outputs[5]);
  CHECK(after.outputs[4] == after.outputs[6]);
}

TEST_CASE("subexpressions: a value before an update and one after it are two") {
  Setup s;
  const AxisId h = s.axis("H", 2);
  const NodeId p = s.input({h}, {1, 2}), v = s.input({h}, {5, 7});
  const NodeId before = s.emit(OpId::neg, {p});
  const NodeId update = s.emit(OpId::assign, {p, v});
  const NodeId again = s.emit(OpId::neg, {p});
  const NodeId after = s.emit(OpId::neg, {update});
  const SharedGraph shared =
      share_subexpressions(s.graph, std::vector{before, again, after}, std::vector{update});
  CHECK(shared.outputs[0] == shared.outputs[1]);
  CHECK(shared.outputs[0] != shared.outputs[2]);
  CHECK(run(s, shared.graph, shared.outputs, shared.effects) ==
        std::vector<Values>{{-1, -2}, {-1, -2}, {-5, -7}});
}

TEST_CASE("subexpressions: in a loop's body, also where two carried values become one") {
  Setup s;
  const AxisId t = s.axis("T", 3);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId h = g.input({}), k = g.input({}), x = g.input({});
  const NodeId first = g.emit(OpId::tanh, {g.emit(OpId::add, {h, x})});
  const NodeId second = g.emit(OpId::tanh, {g.emit(OpId::add, {h, x})});
  body->axis = {t, 3};
  body->carried = 2;
  body->walked = 1;
  body->next = {first, second};
  body->stacked = {second, k, first};
  const NodeId scan = s.emit(
      OpId::scan, {s.input({}, {0.3}), s.input({}, {-0.4}), s.input({t}, {1, -2, 0.5})}, {.body = body});
  std::vector<NodeId> items;
  for (std::uint32_t i = 0; i < 5; ++i) items.push_back(s.emit(OpId::item, {scan}, {.index = i}));
  const SharedGraph after = share_subexpressions(s.graph, items, {});
  const auto loop = after.graph[after.graph[after.outputs[0]].inputs[0]].attributes.body;
  CHECK(nodes(loop->graph, OpId::tanh) == 1);
  CHECK(nodes(body->graph, OpId::tanh) == 2);
  CHECK(run(s, after.graph, after.outputs, {}) == run(s, s.graph, items, {}));
}
