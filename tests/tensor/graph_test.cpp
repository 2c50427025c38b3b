#include <stdexcept>

#include "tensor/graph.h"
#include "tests/catch2.h"
#include "tests/tensor/gradient_check.h"

using namespace weft;

TEST_CASE("axes are their declarations, and their primes are theirs") {
  AxisTable axes;
  const AxisId t = axes.declare("T", 4);
  const AxisId other = axes.declare("T", 4);
  CHECK(t != other);
  const AxisId t1 = axes.primed(t);
  CHECK(axes.primed(t) == t1);
  CHECK(axes.primed(other) != t1);
  CHECK(axes.name(axes.primed(t1)) == "T''");
  CHECK(axes[t1].extent == Extent(4));
  CHECK(axes[t1].labels == nullptr);
  const auto labels = std::make_shared<const Labels>(std::vector<std::string>{"a", "b", "c", "d"});
  axes.set_labels(t, labels);
  CHECK(axes[t].labels == labels);
  CHECK(axes[t1].labels == labels);
  CHECK(axes[other].labels == nullptr);
  CHECK(labels->find("c") == 2);
  CHECK_FALSE(labels->find("e"));
  CHECK_THROWS_AS(Labels({"a", "a"}), std::invalid_argument);
}

TEST_CASE("types are described as the language writes them") {
  Sample s;
  const AxisId B = s.open_axis("B", 2), T = s.axis("T", 35), V = s.axis("V", 100);
  CHECK(describe(s.real({B, T}), s.axes) == "[B, T]");
  CHECK(describe(s.index(V, {B, T}), s.axes) == "V[B, T]");
  CHECK(describe(s.boolean({}), s.axes) == "bool[]");
  CHECK(describe_with_extents(s.integer({B, T}), s.axes) == "int[B, T = 35]");
  CHECK(storage_of({}, DType::f64) == DType::f64);
  CHECK(storage_of({ElementKind::index, V}, DType::f64) == DType::i32);
  CHECK(storage_of({ElementKind::boolean, {}}, DType::f32) == DType::boolean);
}

TEST_CASE("results keep the physical order of the operand with the most axes") {
  Sample s;
  const AxisId B = s.axis("B", 2), T = s.axis("T", 3), H = s.axis("H", 4);
  const NodeId wide = s.input(s.real({B, T, H})), narrow = s.input(s.real({H})), row = s.input(s.real({T}));
  const auto order = [&](NodeId a, NodeId b) {
    return describe(s.graph.type(s.emit(OpId::add, {a, b})), s.axes);
  };
  CHECK(order(wide, narrow) == "[B, T, H]");
  CHECK(order(narrow, wide) == "[B, T, H]");
  CHECK(order(row, narrow) == "[T, H]");
  CHECK(order(s.graph.constant(1), row) == "[T]");
  const AxisId N = s.axis("N", 5);
  const NodeId weight = s.input(s.real({H, N}));
  CHECK(describe(s.graph.type(s.emit(OpId::dot, {wide, weight}, {.axes = {H}})), s.axes) == "[B, T, N]");
  CHECK(describe(s.graph.type(s.emit(OpId::dot, {weight, wide}, {.axes = {H}})), s.axes) == "[N, B, T]");
}

TEST_CASE("a graph is listed one node a line") {
  Sample s;
  const AxisId B = s.open_axis("B", 2), H = s.axis("H", 4), V = s.axis("V", 5);
  const NodeId x = s.input(s.real({B, H}));
  const NodeId w = s.input(s.real({H, V}));
  const NodeId y = s.emit(OpId::dot, {x, w}, {.axes = {H}});
  const NodeId half = s.emit(OpId::mul, {y, s.graph.constant(0.5)});
  const NodeId r = s.emit(OpId::rename, {half}, {.axes = {V}, .to = {H}});
  s.emit(OpId::slice, {r}, {.axes = {H}, .extents = {1, 1}, .numbers = {1}});
  CHECK(dump(s.graph) ==
        "%0 = input 0 : [B, H]\n"
        "%1 = input 1 : [H, V]\n"
        "%2 = dot[H](%0, %1) : [B, V]\n"
        "%3 = constant 0.5 : []\n"
        "%4 = mul(%2, %3) : [B, V]\n"
        "%5 = rename[V -> H](%4) : [B, H]\n"
        "%6 = slice[H] {1, 1} 1(%5) : [B]\n");
}

TEST_CASE("nodes carry the place in the source they were made for") {
  Sample s;
  s.graph.set_origin({1, 10, 20});
  const NodeId x = s.graph.constant(1);
  s.graph.set_origin({1, 30, 40});
  const NodeId y = s.emit(OpId::neg, {x});
  CHECK(s.graph[x].origin == Span{1, 10, 20});
  CHECK(s.graph[y].origin == Span{1, 30, 40});
}

TEST_CASE("a graph takes its own nodes only") {
  Sample s;
  CHECK_THROWS_AS(s.emit(OpId::neg, {0}), std::logic_error);
  CHECK_THROWS_AS(s.emit(OpId::neg, {kNoNode}), std::logic_error);
}
