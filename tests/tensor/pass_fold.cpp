#include "tensor/passes/fold.h"

#include <cmath>
#include <limits>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

struct Folding : Setup {
  AxisId h = axis("H", 3);
  NodeId x = input({h}, {0.3, -0.0, std::numeric_limits<double>::quiet_NaN()});
  NodeId number(double value) { return graph.constant(value); }

  /// What the node becomes.
  Node folded(NodeId id) {
    std::vector<NodeId> map;
    const Graph after = fold_constants(graph, bindings, options.real, map);
    return after[map[static_cast<std::size_t>(id)]];
  }
  bool is_x(NodeId id) {
    const Node node = folded(id);
    return node.op == OpId::input && node.attributes.index == 0;
  }
};

}  // namespace

TEST_CASE("fold: constants are computed as the kernels would") {
  Folding s;
  s.options.real = DType::f32;
  const Node third = s.folded(s.emit(OpId::div, {s.number(1), s.number(3)}));
  CHECK(third.op == OpId::constant);
  CHECK(third.attributes.numbers.at(0) == static_cast<double>(1.0F / 3.0F));
  const NodeId flag = s.emit(OpId::less, {s.number(1), s.number(3)});
  CHECK(s.folded(flag).attributes.numbers.at(0) == 1);
  CHECK(s.folded(s.emit(OpId::cast, {flag}, {.type = TensorType{}})).attributes.numbers.at(0) == 1);
  const NodeId turns = s.emit(OpId::extent, {}, {.extents = {Extent(7)}});
  CHECK(s.folded(s.emit(OpId::mul, {turns, turns})).attributes.numbers.at(0) == 49);
  const NodeId wide = s.graph.constant(2, type(s.axes, {s.h}));
  CHECK(s.folded(s.emit(OpId::neg, {wide})).type == type(s.axes, {s.h}));
}

TEST_CASE("fold: identities that keep every bit, and none that doesn't") {
  Folding s;
  CHECK(s.is_x(s.emit(OpId::mul, {s.x, s.number(1)})));
  CHECK(s.is_x(s.emit(OpId::mul, {s.number(1), s.x})));
  CHECK(s.is_x(s.emit(OpId::div, {s.x, s.number(1)})));
  CHECK(s.is_x(s.emit(OpId::sub, {s.x, s.number(0)})));
  CHECK(s.is_x(s.emit(OpId::add, {s.x, s.number(-0.0)})));
  CHECK(s.is_x(s.emit(OpId::pow, {s.x, s.number(1)})));
  CHECK(s.is_x(s.emit(OpId::neg, {s.emit(OpId::neg, {s.x})})));
  CHECK(s.is_x(s.emit(OpId::stop, {s.x})));
  CHECK(s.folded(s.emit(OpId::pow, {s.x, s.number(2)})).op == OpId::mul);
  CHECK(s.folded(s.emit(OpId::pow, {s.x, s.number(0)})).op == OpId::constant);
  CHECK(s.folded(s.emit(OpId::div, {s.x, s.number(8)})).op == OpId::mul);
  CHECK(s.folded(s.emit(OpId::add, {s.x, s.number(0)})).op == OpId::add);  // -0 + 0 = 0
  CHECK(s.folded(s.emit(OpId::sub, {s.x, s.number(-0.0)})).op == OpId::sub);
  CHECK(s.folded(s.emit(OpId::mul, {s.x, s.number(0)})).op == OpId::mul);  // NaN
  CHECK(s.folded(s.emit(OpId::div, {s.x, s.number(3)})).op == OpId::div);
  CHECK(s.folded(s.emit(OpId::pow, {s.x, s.number(0.5)})).op == OpId::pow);
  // A scalar that is spread over an axis is not the result itself.
  const NodeId spread = s.emit(
      OpId::mul, {s.emit(OpId::sum, {s.x}, {.axes = {s.h}}), s.graph.constant(1, type(s.axes, {s.h}))});
  CHECK(s.folded(spread).op == OpId::mul);
}

TEST_CASE("fold: choices that are made already") {
  Folding s;
  const auto boolean = [&](bool value) {
    TensorType type;
    type.element.kind = ElementKind::boolean;
    return s.graph.constant(value ? 1 : 0, type);
  };
  const NodeId y = s.emit(OpId::exp, {s.x});
  CHECK(s.is_x(s.emit(OpId::where, {boolean(true), s.x, y})));
  CHECK(s.is_x(s.emit(OpId::where, {boolean(false), y, s.x})));
  CHECK(s.is_x(s.emit(OpId::where, {s.emit(OpId::less, {s.x, y}), s.x, s.x})));
  const NodeId flag = s.emit(OpId::less, {s.x, y});
  CHECK(s.folded(s.emit(OpId::logical_and, {flag, boolean(true)})).op == OpId::less);
  CHECK(s.folded(s.emit(OpId::logical_or, {boolean(false), flag})).op == OpId::less);
  CHECK(s.folded(s.emit(OpId::logical_and, {flag, boolean(false)})).op == OpId::constant);
  CHECK(s.folded(s.emit(OpId::logical_not, {s.emit(OpId::logical_not, {flag})})).op == OpId::less);
}

TEST_CASE("fold: in a loop's body, and values keep their bits") {
  Setup s;
  const AxisId t = s.axis("T", 3);
  auto body = std::make_shared<ScanBody>(s.axes);
  Graph& g = body->graph;
  const NodeId h = g.input({}), x = g.input({});
  const NodeId squared = g.emit(OpId::pow, {g.emit(OpId::add, {h, x}), g.constant(2)});
  body->axis = {t, 3};
  body->carried = body->walked = 1;
  body->next = {g.emit(OpId::div, {squared, g.constant(4)})};
  const NodeId scan = s.emit(OpId::scan, {s.input({}, {1}), s.input({t}, {0.1, 0.2, 0.3})}, {.body = body});
  const NodeId last = s.emit(OpId::item, {scan}, {.index = 0});
  const auto folded = s.run({last});
  CHECK(count(s.plan({last}).dump(), "pow") == 0);
  s.options.fold = false;
  CHECK(count(s.plan({last}).dump(), "pow") == 1);
  CHECK(s.run({last}) == folded);
}
