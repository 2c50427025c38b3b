#include "kernels/math.h"

#include <cstdint>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

// The largest error, in units of the result's last place, over floats of all sizes up to `limit`.
template <class Reference>
double worst_error(const char* op, InstructionSet set, float limit, bool negative, Reference reference) {
  std::vector<float> inputs;
  for (std::uint32_t bits = 0x00800000; bits < 0x7f800000; bits += 9973) {
    const float x = __builtin_bit_cast(float, bits);
    if (x > limit) break;
    inputs.push_back(x);
    if (negative) inputs.push_back(-x);
  }
  Array<float> x({static_cast<std::int64_t>(inputs.size())}), y(x.extents());
  x.set(inputs);
  run(op, {x.view()}, y.view(), {}, {set});
  double worst = 0;
  for (std::int64_t i = 0; i < x.count(); ++i) {
    const double expected = reference(static_cast<double>(x[i]));
    if (std::abs(expected) < 1.2e-38) continue;  // subnormal
    const double unit = std::ldexp(1.0, std::ilogb(expected) - 23);
    worst = std::max(worst, std::abs(y[i] - expected) / unit);
  }
  return worst;
}

}  // namespace

TEST_CASE("float functions are accurate to a few units in the last place") {
  for (const auto set : instruction_sets()) {
    CHECK(worst_error("exp", set, 87.3f, true, [](double x) { return std::exp(x); }) < 1.5);
    CHECK(worst_error("log", set, 3.4e38f, false, [](double x) { return std::log(x); }) < 2.0);
    CHECK(worst_error("log1p", set, 3.4e38f, false, [](double x) { return std::log1p(x); }) < 3.0);
    CHECK(worst_error("log1p", set, 0.99f, true, [](double x) { return std::log1p(x); }) < 3.0);
    CHECK(worst_error("expm1", set, 88.7f, true, [](double x) { return std::expm1(x); }) < 3.0);
    CHECK(worst_error("expm1", set, 0.5f, true, [](double x) { return std::expm1(x); }) < 3.0);
    CHECK(worst_error("erf", set, 3.4e38f, true, [](double x) { return std::erf(x); }) < 3.0);
    CHECK(worst_error("tanh", set, 20.0f, true, [](double x) { return std::tanh(x); }) < 3.0);
    CHECK(worst_error("sigmoid", set, 87.0f, true, [](double x) { return 1 / (1 + std::exp(-x)); }) < 3.0);
  }
}

TEST_CASE("the ends of exp, log, log1p, erf, tanh and sigmoid") {
  const auto value = [](const char* op, float x, InstructionSet set) {
    Array<float> a({17}), y({17});
    a.fill(x);
    run(op, {a.view()}, y.view(), {}, {set});
    return y[3];
  };
  for (const auto set : instruction_sets()) {
    CHECK(value("exp", 0.0f, set) == 1.0f);
    CHECK(value("exp", kInf, set) == kInf);
    CHECK(value("exp", -kInf, set) == 0.0f);
    CHECK(value("exp", 88.722839f, set) == kInf);
    CHECK(value("exp", 88.722831f, set) == Approx(3.40279851e38));
    CHECK(value("exp", -87.33654f, set) == Approx(1.17549435e-38));
    CHECK(value("exp", -88.0f, set) == 0.0f);
    CHECK(value("exp", -1e30f, set) == 0.0f);
    CHECK(std::isnan(value("exp", kNan, set)));
    CHECK(value("log", 1.0f, set) == 0.0f);
    CHECK(value("log", 0.0f, set) == -kInf);
    CHECK(value("log", -0.0f, set) == -kInf);
    CHECK(value("log", kInf, set) == kInf);
    CHECK(std::isnan(value("log", -1.0f, set)));
    CHECK(std::isnan(value("log", kNan, set)));
    CHECK(value("log", 1e-45f, set) == Approx(-103.27893));
    CHECK(value("log1p", -1.0f, set) == -kInf);
    CHECK(value("log1p", kInf, set) == kInf);
    CHECK(std::isnan(value("log1p", -1.5f, set)));
    CHECK(std::isnan(value("log1p", kNan, set)));
    CHECK(value("expm1", kInf, set) == kInf);
    CHECK(value("expm1", -kInf, set) == -1.0f);
    CHECK(value("expm1", -1000.0f, set) == -1.0f);
    CHECK(value("expm1", 88.722839f, set) == kInf);
    CHECK(value("expm1", 88.5f, set) == Approx(2.7230879e38));
    CHECK(value("expm1", 1e-7f, set) == Approx(1.00000005e-7).epsilon(1e-6));
    CHECK(std::signbit(value("expm1", -0.0f, set)));
    CHECK(std::isnan(value("expm1", kNan, set)));
    CHECK(value("erf", kInf, set) == 1.0f);
    CHECK(value("erf", -kInf, set) == -1.0f);
    CHECK(std::signbit(value("erf", -0.0f, set)));
    CHECK(std::isnan(value("erf", kNan, set)));
    CHECK(value("tanh", kInf, set) == 1.0f);
    CHECK(value("tanh", -kInf, set) == -1.0f);
    CHECK(std::signbit(value("tanh", -0.0f, set)));
    CHECK(std::isnan(value("tanh", kNan, set)));
    CHECK(value("sigmoid", kInf, set) == 1.0f);
    CHECK(value("sigmoid", -kInf, set) == 0.0f);
    CHECK(value("sigmoid", 0.0f, set) == 0.5f);
    CHECK(std::isnan(value("sigmoid", kNan, set)));
  }
}

TEST_CASE("a turn of the circle") {
  for (std::uint64_t w = 0; w < (std::uint64_t{1} << 32); w += 999983) {
    float sine, cosine;
    portable::math::turn(static_cast<std::uint32_t>(w), sine, cosine);
    const double t = static_cast<double>(w) * 1.46291807926715968e-9;
    if (std::abs(sine - std::sin(t)) > 1e-7 || std::abs(cosine - std::cos(t)) > 1e-7) FAIL(w);
  }
  SUCCEED();
}
