#include <cmath>
#include <limits>

#include "kernels/float_mode.h"
#include "tensor/op.h"
#include "tensor/plan.h"
#include "tests/catch2.h"
#include "tests/tensor/op_rows.h"

using namespace weft;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Rows whose formula says nothing of what isn't finite.
bool left_out(OpId op) {
  return op == OpId::cast;  // no integer is infinite
}

/// Whether an input keeps the rates of steps, which are finite but for steps that changed nothing.
bool keeps_rates(OpId op, std::size_t slot) {
  switch (op) {
    case OpId::momentum_rows:
    case OpId::momentum_catch_up:
    case OpId::rmsprop_rows:
    case OpId::rmsprop_catch_up:
      return slot == 3;
    case OpId::adam_rows:
    case OpId::adam_catch_up:
      return slot == 4;
    default:
      return false;
  }
}

/// Sets about a quarter of the elements of an op's real operands to what isn't finite, or to a zero of either
/// sign.
void spoil(Sample& s, OpId op, std::uint64_t seed) {
  constexpr double kSpecial[] = {kNaN, kInf, -kInf, 0, -0.0};
  reference::Draw draw(seed);
  for (std::size_t slot = 0; slot < s.values.size(); ++slot) {
    const TensorType& type = s.graph.type(s.graph.inputs()[slot]);
    if (type.element.kind != ElementKind::real || type.dims.empty() || keeps_rates(op, slot)) continue;
    for (double& v : s.values[slot].values) {
      const auto k = static_cast<std::size_t>((draw.next() + 1) * 10);
      if (k < std::size(kSpecial)) v = kSpecial[k];
    }
  }
}

bool same(double want, double have, DType real) {
  if (std::isnan(want)) return std::isnan(have);
  if (!std::isfinite(want)) return want == have;
  return have == (real == DType::f64 ? Approx(want).epsilon(1e-9).margin(1e-12)
                                     : Approx(want).epsilon(1e-3).margin(1e-5));
}

/// op(x) for one value, by the vector code: all elements are the same.
double of(OpId op, std::vector<double> x, DType real) {
  Sample s;
  const AxisId R = s.axis("R", 37);
  std::vector<NodeId> inputs;
  for (double v : x) {
    inputs.push_back(s.input(s.real({R})));
    s.values.back().values.assign(37, v);
  }
  const auto y = s.planned({s.emit(op, inputs)}, real)[0];
  for (double v : y.values) REQUIRE((v == y.values[0] || std::isnan(v) == std::isnan(y.values[0])));
  return y.values[0];
}

/// op over one axis of these values.
std::vector<double> over(OpId op, const std::vector<double>& x, DType real) {
  Sample s;
  const AxisId R = s.axis("R", static_cast<std::int64_t>(x.size()));
  const NodeId input = s.input(s.real({R}));
  s.values.back().values = x;
  return s.planned({s.emit(op, {input}, {.axes = {R}})}, real)[0].values;
}

}  // namespace

TEST_CASE("ops give NaN and infinity where their formulas do, and hide none") {
  for (const OpRow& row : op_rows()) {
    const bool compared = row.check == OpRow::Check::gradient || row.check == OpRow::Check::values;
    if (!compared || left_out(row.op)) continue;
    for (const DType real : {DType::f64, DType::f32}) {
      for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const std::int64_t n = seed % 2 == 0 ? 19 : 3;
        Sample s;
        const NodeId node = row.build(s, n);
        spoil(s, row.op, seed);
        const std::vector<NodeId> results = s.results_of(node);
        const auto want = s.reference(results), have = s.planned(results, real);
        for (std::size_t i = 0; i < results.size(); ++i) {
          reference::for_each_place(want[i].axes, [&](const reference::Place& p) {
            INFO(op(row.op).name << " n = " << n << " seed " << seed << (real == DType::f64 ? " f64" : " f32")
                                 << ": want " << want[i].at(p) << ", have " << have[i].at(p));
            REQUIRE(same(want[i].at(p), have[i].at(p), real));
          });
        }
      }
    }
  }
}

TEST_CASE("ops: attention gives NaN and infinity where its parts do") {
  for (const DType real : {DType::f64, DType::f32}) {
    for (const std::int64_t n : {1, 3, 70}) {
      for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Sample s;
        const AxisId B = s.axis("B", 2), Q = s.axis("Q", n), S = s.axis("S", n + 2), K = s.axis("K", 3),
                     V = s.axis("V", 2);
        const std::vector<NodeId> operands = {s.input(s.real({B, Q, K})), s.input(s.real({B, S, K})),
                                              s.input(s.real({B, S, V})), s.input(s.real({B, Q, V}))};
        const Attributes attributes{.axes = {K, S}, .numbers = {0.5}};
        // Of queries, keys, values and what comes back one number is none; every fourth time two.
        constexpr double kSpecial[] = {kNaN, kInf, -kInf};
        for (std::uint64_t i = seed; i <= seed + (seed % 4 == 0 ? 1 : 0); ++i) {
          std::vector<double>& values = s.values[i % 4].values;
          values[i * 7 % values.size()] = kSpecial[i % 3];
        }
        const NodeId y = s.emit(OpId::attention, {operands[0], operands[1], operands[2]}, attributes);
        const NodeId all = s.emit(OpId::attention_grad, operands, attributes);
        std::vector<NodeId> outputs = {y};
        for (const std::uint32_t i : {0U, 1U, 2U}) outputs.push_back(s.emit(OpId::item, {all}, {.index = i}));
        const auto want = s.reference(outputs), have = s.planned(outputs, real);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
          reference::for_each_place(want[i].axes, [&](const reference::Place& p) {
            INFO("result " << i << ", n = " << n << ", seed " << seed << ": want " << want[i].at(p)
                           << ", have " << have[i].at(p));
            REQUIRE(same(want[i].at(p), have[i].at(p), real));
          });
        }
      }
    }
  }
}

TEST_CASE("ops of single numbers follow IEEE 754") {
  for (const DType real : {DType::f64, DType::f32}) {
    CHECK(std::isnan(of(OpId::relu, {kNaN}, real)));
    CHECK(std::isnan(of(OpId::maximum, {kNaN, 1}, real)));
    CHECK(std::isnan(of(OpId::maximum, {1, kNaN}, real)));
    CHECK(std::isnan(of(OpId::minimum, {kNaN, 1}, real)));
    CHECK(std::isnan(of(OpId::minimum, {1, kNaN}, real)));
    CHECK(of(OpId::less, {kNaN, 1}, real) == 0);
    CHECK(of(OpId::less_equal, {1, kNaN}, real) == 0);
    CHECK(of(OpId::equal, {kNaN, kNaN}, real) == 0);
    CHECK(of(OpId::not_equal, {kNaN, kNaN}, real) == 1);
    CHECK(of(OpId::pow, {kNaN, 0}, real) == 1);
    CHECK(std::isnan(of(OpId::sqrt, {-1}, real)));
    CHECK(of(OpId::log, {0}, real) == -kInf);
    CHECK(std::isnan(of(OpId::log, {-1}, real)));
    CHECK(of(OpId::div, {1, 0}, real) == kInf);
    CHECK(of(OpId::div, {1, -0.0}, real) == -kInf);
    CHECK(std::isnan(of(OpId::div, {0, 0}, real)));
    CHECK(std::isnan(of(OpId::sub, {kInf, kInf}, real)));
    CHECK(std::isnan(of(OpId::mul, {0, kInf}, real)));
    CHECK(of(OpId::exp, {-kInf}, real) == 0);
    CHECK(of(OpId::exp, {1000}, real) == kInf);
    CHECK(of(OpId::expm1, {-kInf}, real) == -1);
    CHECK(of(OpId::sigmoid, {-kInf}, real) == 0);
    CHECK(of(OpId::sigmoid, {kInf}, real) == 1);
    CHECK(of(OpId::tanh, {-kInf}, real) == -1);
    CHECK(std::isnan(of(OpId::sin, {kInf}, real)));
    for (const OpId op :
         {OpId::exp, OpId::log, OpId::log1p, OpId::expm1, OpId::erf, OpId::floor, OpId::round, OpId::sqrt,
          OpId::cos, OpId::sin, OpId::abs, OpId::sigmoid, OpId::tanh, OpId::neg}) {
      INFO(weft::op(op).name);
      CHECK(std::isnan(of(op, {kNaN}, real)));
    }
  }
}

TEST_CASE("ops over axes pass NaN and infinity on") {
  for (const DType real : {DType::f64, DType::f32}) {
    CHECK(std::isnan(over(OpId::sum, {1, kInf, -kInf}, real)[0]));
    CHECK(over(OpId::mean, {1, kInf}, real)[0] == kInf);
    CHECK(std::isnan(over(OpId::max, {1, kNaN, kInf}, real)[0]));
    CHECK(over(OpId::argmax, {1, kNaN, kInf, kNaN}, real)[0] == 1);
    const auto some = over(OpId::softmax, {0, -kInf, 0, -kInf}, real);
    CHECK(some[0] == Approx(0.5));
    CHECK(some[1] == 0);
    for (const auto& x : {std::vector<double>{-kInf, -kInf}, {0, kInf}, {0, kNaN}}) {
      for (const double y : over(OpId::softmax, x, real)) CHECK(std::isnan(y));
    }
    CHECK(over(OpId::log_softmax, {0, -kInf}, real)[1] == -kInf);
    const auto sums = over(OpId::cumsum, {1, kInf, 1, -kInf, 1}, real);
    CHECK(sums[0] == 1);
    CHECK(sums[2] == kInf);
    CHECK(std::isnan(sums[3]));
    CHECK(std::isnan(sums[4]));
  }
}

TEST_CASE("ops keep NaN that dropout drops") {
  Sample s;
  const NodeId x = s.input(s.real({s.axis("R", 37)}));
  s.values.back().values.assign(37, kNaN);
  const auto y = s.planned({s.emit(OpId::dropout, {x}, {.numbers = {0.5}})});
  for (const double v : y[0].values) CHECK(std::isnan(v));
}

TEST_CASE("ops count subnormal numbers as 0, on every thread, and leave the threads as they were") {
  const FloatMode before = FloatMode::current();
  AxisTable axes;
  Graph graph{axes};
  const AxisId R = axes.declare("R", 100'000);
  const NodeId x = graph.input({{}, {{R, axes[R].extent}}});
  const NodeId y = graph.emit(OpId::mul, {x, graph.constant(0.5)});
  Tensor values(DType::f32, {{R, 100'000}});
  for (float& v : values.values<float>()) v = 1.5e-38F;  // a normal number; half of it is none
  Plan plan(graph, std::vector<NodeId>{y}, {}, {}, {values});
  for (const int threads : {1, 4}) {
    const Workers workers(threads);
    plan.run(workers);
    for (std::int64_t i = 0; i < 100'000; i += 1000) REQUIRE(plan.output(0).at(i) == 0);
    workers.for_each_range(1000, 1, [&](std::int64_t, std::int64_t) {
      if (!(FloatMode::current() == before)) throw std::logic_error("another mode is left behind");
    });
  }
  CHECK(FloatMode::current() == before);
}
