#include "tensor/passes/convolutions.h"

#include "tensor/ops/build.h"
#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

/// Whole numbers, so that sums are exact in whatever order.
Values numbers(std::int64_t n) {
  Values list;
  for (std::int64_t i = 0; i < n; ++i) list.push_back(static_cast<double>(i * i * 7 % 23 - 11));
  return list;
}

struct Image {
  Setup s;
  AxisId B = s.open("B", 2), I = s.axis("I", 6), J = s.axis("J", 8), In = s.axis("In", 3),
         Out = s.axis("Out", 2), KY = s.axis("KY", 3), KX = s.axis("KX", 2), Y = s.axis("Y", 8),
         X = s.axis("X", 9);
  NodeId dy = s.input({B, I, J, Out}, numbers(192)), w = s.input({In, KY, KX, Out}, numbers(36));

  NodeId dot(NodeId a, NodeId b) { return s.emit(OpId::dot, {a, b}, {.axes = {Out}}); }
  NodeId lay(NodeId x, AxisId windows, AxisId offsets, AxisId whole, std::int64_t extent, double stride = 1,
             double dilation = 1) {
    return s.emit(
        OpId::overlap, {x},
        {.axes = {windows, offsets}, .to = {whole}, .extents = {extent}, .numbers = {stride, dilation}});
  }
  NodeId cut(NodeId x, AxisId axis, std::int64_t begin, std::int64_t length) {
    return s.emit(OpId::slice, {x}, {.axes = {axis}, .extents = {begin, length}});
  }

  int left(NodeId result, OpId id) const {
    const SharedGraph after = join_convolutions({s.graph, {result}, {}}, s.bindings);
    int n = 0;
    for (NodeId i = 0; i < after.graph.size(); ++i) n += after.graph[i].op == id ? 1 : 0;
    return n;
  }
  Values run(NodeId result, bool joined) {
    s.options.share = joined;
    Plan plan = s.plan({result}, {});
    plan.run(Workers(1));
    return values(plan.output(0));
  }
  void check_joined(NodeId result) {
    CHECK(left(result, OpId::overlap) == 0);
    CHECK(run(result, true) == run(result, false));
  }
  void check_left(NodeId result) {
    CHECK(left(result, OpId::overlap) > 0);
    CHECK(run(result, true) == run(result, false));
  }
};

}  // namespace

TEST_CASE("convolutions: windows laid over each other are gathered") {
  SECTION("along one axis") {
    Image t;
    t.check_joined(t.lay(t.dot(t.dy, t.w), t.I, t.KY, t.Y, 8));
  }
  SECTION("offsets first") {
    Image t;
    t.check_joined(t.lay(t.dot(t.w, t.dy), t.I, t.KY, t.Y, 8));
  }
  SECTION("along two, one after the other") {
    Image t;
    t.check_joined(t.lay(t.lay(t.dot(t.dy, t.w), t.J, t.KX, t.X, 9), t.I, t.KY, t.Y, 8));
  }
  SECTION("without the border, which padding had added") {
    Image t;
    const NodeId rows = t.cut(t.lay(t.dot(t.dy, t.w), t.J, t.KX, t.X, 9), t.X, 0, 8);
    t.check_joined(t.cut(t.lay(rows, t.I, t.KY, t.Y, 8), t.Y, 1, 6));
  }
  SECTION("under other names, the summed axis' own among them") {
    Image t;
    const NodeId laid = t.s.rename(t.lay(t.dot(t.dy, t.w), t.J, t.KX, t.X, 9), t.In, t.Out);
    t.check_joined(t.lay(t.s.rename(laid, t.X, t.J), t.I, t.KY, t.Y, 8));
  }
  SECTION("an offsets' name that comes back") {
    Image t;
    const NodeId laid = t.lay(t.dot(t.dy, t.w), t.J, t.KX, t.X, 9);
    t.check_joined(t.lay(t.s.rename(laid, t.In, t.KX), t.I, t.KY, t.Y, 8));
  }
  SECTION("apart from each other, in a longer axis") {
    Image t;
    const AxisId whole = t.s.axis("Z", 12);
    t.check_joined(t.cut(t.lay(t.dot(t.dy, t.w), t.I, t.KY, whole, 12, 1, 2), whole, 2, 9));
  }
}

TEST_CASE("convolutions: overlaps that wouldn't gain, or aren't of a dot's own, are left") {
  SECTION("windows further apart") {
    Image t;
    const AxisId whole = t.s.axis("Z", 13);
    t.check_left(t.lay(t.dot(t.dy, t.w), t.I, t.KY, whole, 13, 2));
  }
  SECTION("an image that would grow too much") {
    Image t;
    const AxisId whole = t.s.axis("Z", 10);
    t.check_left(t.lay(t.dot(t.dy, t.w), t.I, t.KY, whole, 10, 1, 2));
  }
  SECTION("a product that somebody else reads") {
    Image t;
    const NodeId dot = t.dot(t.dy, t.w);
    const NodeId laid = t.lay(dot, t.I, t.KY, t.Y, 8);
    t.check_left(t.s.emit(OpId::add, {t.s.sum(laid, {t.Y}), t.s.sum(dot, {t.I, t.KY})}));
  }
  SECTION("a part of the windows") {
    Image t;
    t.check_left(t.lay(t.cut(t.dot(t.dy, t.w), t.I, 1, 4), t.I, t.KY, t.Y, 6));
  }
  SECTION("windows and offsets of one operand") {
    Image t;
    const NodeId both = t.s.input({t.I, t.KY, t.Out}, numbers(36));
    t.check_left(t.lay(t.dot(both, t.s.input({t.In, t.Out}, numbers(6))), t.I, t.KY, t.Y, 8));
  }
}

TEST_CASE("convolutions: an image is padded before it is seen through windows") {
  Image t;
  Setup& s = t.s;
  const NodeId seen =
      s.emit(OpId::windows, {t.dy}, {.axes = {t.I}, .to = {t.I, t.KY}, .extents = {4, 3}, .numbers = {1, 1}});
  const auto padded = [&](AxisId axis, std::int64_t extent) {
    Attributes attributes{.axes = {axis}, .extents = {1}, .numbers = {0, 5}};
    attributes.type = s.graph.type(seen);
    for (Dim& dim : attributes.type.dims)
      if (dim.axis == axis) dim.extent = extent;
    return s.emit(OpId::pad, {seen}, attributes);
  };
  const auto last = [&](NodeId result) {
    const SharedGraph after = join_convolutions({s.graph, {result}, {}}, s.bindings);
    return after.graph[after.outputs[0]].op;
  };
  const NodeId beside = padded(t.J, 10), along = padded(t.I, 6);
  CHECK(last(beside) == OpId::windows);
  CHECK(last(along) == OpId::pad);
  for (const NodeId result : {beside, along}) CHECK(t.run(result, true) == t.run(result, false));
}
