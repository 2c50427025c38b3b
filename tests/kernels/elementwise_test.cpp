#include <cstdint>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

const std::vector<double> kCorners = {0.0,    -0.0, 1.0,  -1.0,  0.5,   2.0, -3.25, 10.0,  -20.0, 100.0,
                                      -100.0, 1e-3, 1e30, -1e30, 1e-30, 3.0, kInf,  -kInf, kNan};

double sign_less(double a, double b) {
  return a < b ? a : b;
}

struct Unary {
  const char* op;
  double (*reference)(double);
};
const std::vector<Unary> kUnary = {
    {"neg", [](double x) { return -x; }},
    {"exp", [](double x) { return std::exp(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"log1p", [](double x) { return std::log1p(x); }},
    {"erf", [](double x) { return std::erf(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"round", [](double x) { return std::nearbyint(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"sin", [](double x) { return std::sin(x); }},
    {"abs", [](double x) { return std::abs(x); }},
    {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"relu", [](double x) { return x < 0 ? 0 : x; }},
};

struct Binary {
  const char* op;
  double (*reference)(double, double);
};
const std::vector<Binary> kBinary = {
    {"add", [](double a, double b) { return a + b; }},
    {"sub", [](double a, double b) { return a - b; }},
    {"mul", [](double a, double b) { return a * b; }},
    {"div", [](double a, double b) { return a / b; }},
    {"pow", [](double a, double b) { return std::pow(a, b); }},
    {"minimum",
     [](double a, double b) { return std::isnan(a) || std::isnan(b) ? double(kNan) : sign_less(a, b); }},
    {"maximum",
     [](double a, double b) { return std::isnan(a) || std::isnan(b) ? double(kNan) : -sign_less(-a, -b); }},
};
const std::vector<Binary> kComparisons = {
    {"less", [](double a, double b) { return double(a < b); }},
    {"less_equal", [](double a, double b) { return double(a <= b); }},
    {"equal", [](double a, double b) { return double(a == b); }},
    {"not_equal", [](double a, double b) { return double(a != b); }},
};

// every pair of corner values, then random ones, so that vector loops and their rests see all of them
template <class T>
std::pair<Array<T>, Array<T>> operands() {
  const auto n = static_cast<std::int64_t>(kCorners.size());
  Array<T> a({n * n + 500}), b({n * n + 500});
  a.randomize(1);
  b.randomize(2);
  for (std::int64_t i = 0; i < n * n; ++i) {
    a[i] = static_cast<T>(kCorners[static_cast<std::size_t>(i / n)]);
    b[i] = static_cast<T>(kCorners[static_cast<std::size_t>(i % n)]);
  }
  return {a, b};
}

template <class T>
double rounded(double x) {
  return static_cast<double>(static_cast<T>(x));
}

}  // namespace

TEMPLATE_TEST_CASE("unary functions agree with the C library", "", float, double) {
  const auto [x, unused] = operands<TestType>();
  for (const auto set : instruction_sets())
    for (const auto& [op, reference] : kUnary) {
      Array<TestType> y(x.extents());
      run(op, {x.view()}, y.view(), {}, {set});
      for (std::int64_t i = 0; i < x.count(); ++i) {
        INFO(op << "(" << x[i] << ") = " << y[i] << " on set " << int(set));
        // the relative error counts, however small the result, down to where float results underflow
        const double expected = rounded<TestType>(reference(x[i]));
        const double allowed = std::abs(expected) * (sizeof(TestType) == 4 ? 4e-7 : 4e-16);
        const bool good = std::isfinite(expected) ? std::abs(y[i] - expected) <= std::max(allowed, 1.2e-38)
                                                  : close(y[i], expected, 0);
        if (!good) FAIL();
      }
      SUCCEED();
    }
}

TEMPLATE_TEST_CASE("binary functions agree with C arithmetic", "", float, double) {
  const auto [a, b] = operands<TestType>();
  for (const auto set : instruction_sets())
    for (const auto& [op, reference] : kBinary) {
      Array<TestType> y(a.extents());
      run(op, {a.view(), b.view()}, y.view(), {}, {set});
      for (std::int64_t i = 0; i < a.count(); ++i) {
        INFO(op << "(" << a[i] << ", " << b[i] << ") = " << y[i] << " on set " << int(set));
        if (!close(y[i], rounded<TestType>(reference(a[i], b[i])), sizeof(TestType) == 4 ? 2e-7 : 4e-16))
          FAIL();
      }
      SUCCEED();
    }
}

TEMPLATE_TEST_CASE("comparisons give bool and are false for NaN", "", float, double, std::int32_t) {
  Array<TestType> a({400}), b({400});
  if constexpr (std::is_floating_point_v<TestType>) {
    std::tie(a, b) = operands<TestType>();
  } else {
    a.randomize(3, 5);
    b.randomize(4, 5);
  }
  for (const auto set : instruction_sets())
    for (const auto& [op, reference] : kComparisons) {
      Array<bool> y(a.extents());
      run(op, {a.view(), b.view()}, y.view(), {}, {set});
      for (std::int64_t i = 0; i < a.count(); ++i) {
        INFO(op << "(" << a[i] << ", " << b[i] << ")");
        if (y[i] != (reference(double(a[i]), double(b[i])) != 0)) FAIL();
      }
      SUCCEED();
    }
}

TEST_CASE("relu and max pass NaN on; finite is finite") {
  Array<float> x({5});
  x.set({kNan, kInf, -kInf, 3.0f, -0.0f});
  Array<float> y({5});
  run("relu", {x.view()}, y.view());
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == kInf);
  CHECK(y[2] == 0.0f);
  Array<bool> finite({5});
  run("is_finite", {x.view()}, finite.view());
  CHECK(finite.copy() == std::vector<bool>{false, false, false, true, true});
}

TEST_CASE("integers wrap") {
  Array<std::int32_t> a({3}), b({3}), y({3});
  a.set({2147483647, -2147483647 - 1, 70000});
  b.set({1, -1, 70000});
  run("add", {a.view(), b.view()}, y.view());
  CHECK(y.copy() == std::vector<std::int32_t>{-2147483647 - 1, 2147483647, 140000});
  run("mul", {a.view(), b.view()}, y.view());
  CHECK(y[2] == static_cast<std::int32_t>(4900000000u));
  run("neg", {a.view()}, y.view());
  CHECK(y.copy() == std::vector<std::int32_t>{-2147483647, -2147483647 - 1, -70000});
}

TEST_CASE("logic on bool") {
  Array<bool> a({4}), b({4}), y({4});
  a.set({false, false, true, true});
  b.set({false, true, false, true});
  run("logical_and", {a.view(), b.view()}, y.view());
  CHECK(y.copy() == std::vector<bool>{false, false, false, true});
  run("logical_or", {a.view(), b.view()}, y.view());
  CHECK(y.copy() == std::vector<bool>{false, true, true, true});
  run("logical_not", {a.view()}, y.view());
  CHECK(y.copy() == std::vector<bool>{true, true, false, false});
}

TEMPLATE_TEST_CASE("where chooses", "", float, double, std::int32_t, bool) {
  for (const std::int64_t n : {1, 3, 17, 1000}) {
    Array<bool> c({n});
    Array<TestType> a({n}), b({n}), y({n});
    c.randomize(1, 2);
    a.randomize(2, 2);
    b.randomize(3, 2);
    run("where", {c.view(), a.view(), b.view()}, y.view());
    for (std::int64_t i = 0; i < n; ++i) REQUIRE(y[i] == (c[i] ? a[i] : b[i]));
  }
}

TEST_CASE("operands of any strides") {
  struct Layout {
    Extents extents, out, a, b;
  };
  const std::vector<Layout> layouts = {
      {{}, {}, {}, {}},                                  // scalars
      {{0}, {1}, {1}, {1}},                              // nothing
      {{3, 0, 2}, {0, 2, 1}, {0, 2, 1}, {0, 2, 1}},      // nothing
      {{33, 17}, {17, 1}, {17, 1}, {0, 1}},              // rows + bias
      {{33, 17}, {17, 1}, {17, 1}, {1, 0}},              // + a column
      {{33, 17}, {17, 1}, {0, 0}, {17, 1}},              // scalar + matrix
      {{33, 17}, {17, 1}, {1, 33}, {17, 1}},             // transposed
      {{33, 17}, {1, 33}, {1, 33}, {17, 1}},             // output transposed
      {{3, 5, 7}, {35, 7, 1}, {7, 0, 1}, {1, 3, 15}},    // a repeated inside, b the other way round
      {{3, 5, 7}, {105, 14, 2}, {35, 7, 1}, {0, 7, 1}},  // gaps in the output
      {{1, 33, 1, 300}, {9900, 300, 300, 1}, {7, 300, 9, 1}, {1, 1, 5, 0}},
      {{2, 3, 2, 3, 2, 3}, {108, 36, 18, 6, 3, 1}, {1, 2, 6, 12, 36, 72}, {0, 3, 0, 1, 0, 0}},
  };
  for (const auto& [extents, out, sa, sb] : layouts)
    for (const auto set : instruction_sets()) {
      Array<float> y(extents, out);
      Array<float> a(extents, sa), b(extents, sb);
      a.randomize(1);
      b.randomize(2);
      y.fill(77);
      run("sub", {a.view(), b.view()}, y.view(), {}, {set});
      std::int64_t written = 0;
      for_each(extents, [&](const Coordinates& at) {
        REQUIRE(y(at) == a(at) - b(at));
        ++written;
      });
      std::int64_t kept = 0;
      for (std::int64_t i = 0; i < y.count(); ++i) kept += y[i] == 77;
      REQUIRE(kept == y.count() - written);  // gaps are left alone
      Array<bool> mask(extents, sb);
      mask.randomize(3, 2);
      run("where", {mask.view(), a.view(), b.view()}, y.view(), {}, {set});
      for_each(extents, [&](const Coordinates& at) { REQUIRE(y(at) == (mask(at) ? a(at) : b(at))); });
    }
}

TEST_CASE("the output may be an input") {
  Array<float> x({1000}), b({1000});
  x.randomize(1);
  b.randomize(2);
  const auto before = x.copy();
  run("sub", {x.view(), b.view()}, x.view());
  for (std::int64_t i = 0; i < 1000; ++i) REQUIRE(x[i] == before[static_cast<std::size_t>(i)] - b[i]);
}

TEST_CASE("elementwise results do not depend on threads") {
  Array<float> a({700, 333}), b({700, 333}, {0, 1}), y({700, 333});
  a.randomize(1);
  b.randomize(2);
  for (const char* op : {"add", "mul", "pow"}) CHECK(same_bits_on_any_threads(op, {a.view(), b.view()}, y));
  for (const char* op : {"exp", "log", "tanh", "sigmoid", "sqrt"})
    CHECK(same_bits_on_any_threads(op, {a.view()}, y));
}
