#include "tensor/passes/fusion.h"

#include <cmath>
#include <random>

#include "tests/catch2.h"
#include "tests/tensor/plan_support.h"

using namespace weft;
using namespace weft::plan_tests;

namespace {

int nodes(const Graph& graph, OpId id) {
  int n = 0;
  for (NodeId i = 0; i < graph.size(); ++i) n += graph[i].op == id ? 1 : 0;
  return n;
}

std::vector<std::byte> bytes_of(const Tensor& t) {
  return {t.data(), t.data() + t.bytes()};
}

/// The bytes of all outputs.
std::vector<std::vector<std::byte>> run(const Setup& s, const std::vector<NodeId>& outputs, bool fuse,
                                        int threads) {
  PlanOptions options = s.options;
  options.fuse = fuse;
  Plan plan(s.graph, outputs, {}, s.bindings, s.inputs, options);
  plan.run(Workers(threads), {3, 4});
  std::vector<std::vector<std::byte>> result;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    result.push_back(bytes_of(plan.output(static_cast<int>(i))));
  return result;
}

Values numbers(std::mt19937& random, std::int64_t n) {
  std::uniform_real_distribution<double> draw(-2, 2);
  Values values(static_cast<std::size_t>(n));
  for (double& v : values) v = draw(random);
  return values;
}

}  // namespace

TEST_CASE("fusion: any graph of elementwise ops gives the same bits, joined or not, on any threads") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    Setup s;
    s.options.real = seed % 4 == 3 ? DType::f64 : DType::f32;
    const std::int64_t longs[] = {1, 3, 130, 512, 700, 1100};
    const AxisId a = s.open("A", 1 + below(9)), b = s.axis("B", longs[below(6)]),
                 c = s.axis("C", 1 + below(4));
    std::vector<NodeId> reals, flags;
    const auto input = [&](std::initializer_list<AxisId> axes) {
      std::int64_t n = 1;
      for (AxisId axis : axes) n *= s.extent(axis);
      reals.push_back(s.input(axes, numbers(random, n)));
    };
    input({a, b});
    input({b, a});
    input({b});
    input({a});
    input({a, c, b});
    input({});
    reals.push_back(s.graph.constant(0.75));
    const auto real = [&] { return reals[static_cast<std::size_t>(below(static_cast<int>(reals.size())))]; };
    flags.push_back(s.emit(OpId::less, {real(), real()}));
    const auto flag = [&] { return flags[static_cast<std::size_t>(below(static_cast<int>(flags.size())))]; };
    for (int i = 0; i < 40; ++i) {
      const NodeId x = real();
      switch (below(14)) {
        case 12: {
          if (!s.graph.type(x).has(b)) break;
          const OpId folds[] = {OpId::sum, OpId::mean, OpId::max};
          reals.push_back(s.emit(folds[below(3)], {s.emit(OpId::mul, {x, x})}, {.axes = {b}}));
          break;
        }
        case 13:
          reals.push_back(s.emit(OpId::sub, {x, real()}));
          break;

        case 0:
          reals.push_back(s.emit(OpId::tanh, {x}));
          break;
        case 1:
          reals.push_back(s.emit(OpId::sigmoid, {x}));
          break;
        case 2:
          reals.push_back(s.emit(OpId::where, {flag(), x, real()}));
          break;
        case 3:
          flags.push_back(s.emit(OpId::less_equal, {x, real()}));
          break;
        case 4:
          flags.push_back(s.emit(OpId::logical_and, {flag(), flag()}));
          break;
        case 5:
          reals.push_back(s.emit(OpId::cast, {flag()}, {.type = TensorType{}}));
          break;
        case 6:
          reals.push_back(
              s.emit(OpId::dropout, {x}, {.numbers = {0.3}, .index = static_cast<std::uint32_t>(below(3))}));
          break;
        case 7:
          reals.push_back(s.emit(OpId::maximum, {x, real()}));
          break;
        case 8: {
          if (!s.graph.type(x).has(c)) break;
          const NodeId y = s.emit(OpId::mul, {x, real()});
          reals.push_back(s.emit(OpId::slice, {y}, {.axes = {c}, .extents = {0, 1}, .numbers = {1}}));
          break;
        }
        case 9: {
          const NodeId y = real();
          if (s.graph.type(x).has(c) || s.graph.type(y).has(c)) break;
          if (s.graph.type(x).dims.size() != 2 || s.graph.type(y).dims.size() != 2) break;
          const AxisId two = s.axes.declare("Two", 2);
          const NodeId joined = s.emit(OpId::concat, {x, y}, {.axes = {two}});
          reals.push_back(s.sum(joined, {two}));
          break;
        }
        default:
          reals.push_back(s.emit(below(2) == 0 ? OpId::add : OpId::mul, {x, real()}));
      }
    }
    std::vector<NodeId> outputs;
    for (int i = 0; i < 6; ++i)
      outputs.push_back(reals[reals.size() - 1 - static_cast<std::size_t>(below(20))]);
    outputs.push_back(flags.back());
    const auto apart = run(s, outputs, false, 1);
    CHECK(run(s, outputs, true, 1) == apart);
    CHECK(run(s, outputs, true, 3) == apart);
  }
}

TEST_CASE("fusion: a chain is one call, which writes what is asked for and nothing else") {
  Setup s;
  const AxisId h = s.axis("H", 3);
  const NodeId x = s.input({h}, {0.5, -1, 2});
  const NodeId y = s.emit(OpId::mul, {s.emit(OpId::add, {x, x}), s.graph.constant(3)});
  const NodeId z = s.emit(OpId::neg, {s.emit(OpId::abs, {y})});
  const SharedGraph after = fuse_elementwise(s.graph, std::vector{y, z}, {}, s.bindings, s.options.real);
  CHECK(nodes(after.graph, OpId::fused) == 1);
  CHECK(nodes(after.graph, OpId::item) == 2);
  CHECK(nodes(after.graph, OpId::mul) == 0);
  Plan plan = s.plan({y, z});
  CHECK(count(plan.dump(), "\n") == 1);
  CHECK(count(plan.dump(), "fused(add mul abs neg) [3] <- input 0 -> ") == 1);
  CHECK(s.run({y, z}) == std::vector<Values>{{3, -6, 12}, {-3, -6, -12}});
}

TEST_CASE("fusion: a cluster never leads out and back in") {
  Setup s;
  const AxisId h = s.axis("H", 3);
  const NodeId x = s.input({h}, {1, 2, 3});
  const NodeId a = s.emit(OpId::mul, {x, x});
  const NodeId total = s.sum(a, {h});              // not elementwise
  const NodeId b = s.emit(OpId::div, {a, total});  // reads both
  const NodeId c = s.emit(OpId::neg, {b});
  CHECK(s.run({c}) == std::vector<Values>{{-1.0 / 14, -4.0 / 14, -9.0 / 14}});
}

TEST_CASE("fusion: no cluster reaches over an update of what it reads") {
  Setup s;
  const AxisId h = s.axis("H", 2);
  const NodeId p = s.input({h}, {1, 2}), v = s.input({h}, {5, 7});
  const NodeId before = s.emit(OpId::neg, {s.emit(OpId::add, {p, v})});
  const NodeId update = s.emit(OpId::assign, {p, v});
  const NodeId after = s.emit(OpId::abs, {s.emit(OpId::add, {before, update})});
  const NodeId more = s.emit(OpId::assign, {update, after});
  Plan plan = s.plan({before, after}, {update, more});
  plan.run(Workers(1));
  CHECK(values(plan.output(0)) == Values{-6, -9});
  CHECK(values(plan.output(1)) == Values{1, 2});
  CHECK(values(s.inputs[0]) == Values{1, 2});
  CHECK(count(plan.dump(), " fused(add neg) ") == 1);
  CHECK(count(plan.dump(), " fused(add abs) ") == 1);
  CHECK(count(plan.dump(), " copy ") == 0);
}

TEST_CASE("fusion: what only a later pass needs is computed there") {
  Setup s;
  const AxisId h = s.axis("H", 3), k = s.axis("K", 3);
  const NodeId x = s.input({h}, {0.1, 0.2, 0.3}), w = s.input({h, k}, Values(9, 0.5));
  const NodeId y = s.emit(OpId::tanh, {s.emit(OpId::add, {x, x})});
  const NodeId slope = s.emit(OpId::sub, {s.graph.constant(1), s.emit(OpId::mul, {y, y})});
  const NodeId z = s.emit(OpId::dot, {y, w}, {.axes = {h}});
  const NodeId back = s.emit(OpId::dot, {z, w}, {.axes = {k}});
  const NodeId dx = s.emit(OpId::mul, {back, slope});
  const Plan plan = s.plan({dx});
  CHECK(count(plan.dump(), " fused(add tanh) ") == 1);
  CHECK(count(plan.dump(), " fused(mul sub mul) ") == 1);
}

TEST_CASE(
    "fusion: slices of a sum are taken of its operands, and parts are written where a concat has them") {
  Setup s;
  const AxisId gate = s.axis("Gate", 2), h = s.axis("H", 3);
  const NodeId x = s.input({gate, h}, {1, 2, 3, 4, 5, 6}), b = s.input({h}, {10, 20, 30});
  const NodeId sum = s.emit(OpId::add, {x, b});
  const auto part = [&](std::int64_t i) {
    return s.emit(OpId::slice, {sum}, {.axes = {gate}, .extents = {i, 1}, .numbers = {1}});
  };
  const NodeId p = s.emit(OpId::neg, {part(0)}), q = s.emit(OpId::mul, {part(1), p});
  const NodeId joined = s.emit(OpId::concat, {q, p}, {.axes = {gate}});
  const Plan plan = s.plan({joined});
  CHECK(count(plan.dump(), "\n") == 1);
  CHECK(count(plan.dump(), " fused(add neg add mul) [3] ") == 1);
  CHECK(s.run({joined}) == std::vector<Values>{{-154, -550, -1188, -11, -22, -33}});
}

TEST_CASE("fusion: nothing over no positions, and a hundred nodes in as many calls as it takes") {
  Setup s;
  const AxisId h = s.axis("H", 3), none = s.axis("N", 0);
  const NodeId empty = s.emit(OpId::neg, {s.emit(OpId::exp, {s.input({none}, {})})});
  CHECK(s.run({empty}) == std::vector<Values>{{}});
  NodeId x = s.input({h}, {1, 2, 3});
  for (int i = 0; i < 200; ++i) x = s.emit(OpId::add, {x, s.graph.constant(i % 2 == 0 ? 1 : -1)});
  CHECK(s.run({x}) == std::vector<Values>{{1, 2, 3}});
}

TEST_CASE("fusion: a normalization, and what folds its rows, is one call") {
  for (const std::int64_t length : {32, 100, 256, 1000, 1024}) {
    CAPTURE(length);
    Setup s;
    s.options.real = DType::f32;
    std::mt19937 random(3);
    const AxisId b = s.axis("B", 37), d = s.axis("D", length);
    const NodeId x = s.input({b, d}, numbers(random, 37 * length)),
                 gain = s.input({d}, numbers(random, length));
    const NodeId y = s.emit(OpId::dropout, {s.emit(OpId::exp, {x})}, {.numbers = {0.1}, .index = 1});
    const auto mean = [&](NodeId of) { return s.emit(OpId::mean, {of}, {.axes = {d}}); };
    const NodeId centred = s.emit(OpId::sub, {y, mean(y)});
    const NodeId variance = mean(s.emit(OpId::mul, {centred, centred}));
    const NodeId deviation = s.emit(OpId::sqrt, {s.emit(OpId::add, {variance, s.graph.constant(1e-5)})});
    const NodeId z = s.emit(OpId::mul, {s.emit(OpId::div, {centred, deviation}), gain});
    const NodeId top = s.emit(OpId::max, {z}, {.axes = {d}});
    const NodeId shares =
        s.emit(OpId::sum, {s.emit(OpId::exp, {s.emit(OpId::sub, {z, top})})}, {.axes = {d}});
    const std::vector<NodeId> outputs{z, deviation, shares};
    CHECK(count(s.plan(outputs).dump(), "\n") == 1);
    const auto apart = run(s, outputs, false, 1);
    CHECK(run(s, outputs, true, 1) == apart);
    CHECK(run(s, outputs, true, 3) == apart);
  }
}
