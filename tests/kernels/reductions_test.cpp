#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

struct Case {
  Extents kept, reduced, strides;  // strides of x over both; none: dense
};
const std::vector<Case> kCases = {
    {{}, {}, {}},
    {{}, {1}, {}},
    {{}, {17}, {}},
    {{}, {100003}, {}},
    {{3}, {33}, {}},
    {{33}, {1}, {}},
    {{33, 2}, {3, 17}, {}},
    {{5}, {40000}, {}},
    {{33}, {17}, {1, 33}},  // column sums
    {{300}, {2000}, {1, 300}},
    {{1000}, {7}, {1, 1000}},
    {{3, 300}, {17}, {5100, 1, 300}},  // a dim in the middle
    {{3}, {17, 33}, {1, 99, 3}},
    {{17}, {33}, {66, 2}},  // gaps
    {{4, 5}, {6, 7}, {6, 24, 1, 120}},
    {{17}, {33}, {1, 0}},  // the same over and over
    {{17}, {33}, {0, 1}},
    {{0}, {33}, {}},
};

template <class T>
Array<T> operand(const Case& c) {
  Extents all = c.kept;
  all.insert(all.end(), c.reduced.begin(), c.reduced.end());
  return c.strides.empty() ? Array<T>(all) : Array<T>(all, c.strides);
}

/// The output as the call sees it: over the whole space, stride 0 where reduced.
template <class T>
View spread(const Array<T>& y, const View& x) {
  View v = y.view();
  for (int d = v.rank; d < x.rank; ++d) v.strides[d] = 0;
  v.rank = x.rank;
  v.extents = x.extents;
  return v;
}

Coordinates joined(Coordinates a, const Coordinates& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEMPLATE_TEST_CASE("sum, mean and max agree with plain loops", "", float, double) {
  for (const Case& c : kCases)
    for (const auto set : instruction_sets()) {
      const auto x = operand<TestType>(c);
      x.randomize(1);
      const Array<TestType> sum(c.kept), mean(c.kept), max(c.kept);
      const KernelParams params = groups(static_cast<int>(c.kept.size()), static_cast<int>(c.reduced.size()));
      run("sum", {x.view()}, spread(sum, x.view()), params, {set});
      run("mean", {x.view()}, spread(mean, x.view()), params, {set});
      run("max", {x.view()}, spread(max, x.view()), params, {set});
      for_each(c.kept, [&](const Coordinates& at) {
        double total = 0, top = -kInf, n = 0;
        for_each(c.reduced, [&](const Coordinates& r) {
          const double value = x(joined(at, r));
          total += value;
          top = std::max(top, value);
          ++n;
        });
        REQUIRE(close(sum(at), total, tolerance_of<TestType>() * std::sqrt(n)));
        REQUIRE(close(mean(at), total / n, tolerance_of<TestType>()));
        REQUIRE(max(at) == top);
      });
    }
}

TEST_CASE("sums of floats are as good as the result's type") {
  // ten million times 0.1f: adding one by one gives 1087937
  const Array<float> x({10000000}, {0}), y({});
  x.fill(0.1f);
  run("sum", {x.view()}, spread(y, x.view()), groups(0, 1));
  CHECK(y[0] == Approx(1e7 * static_cast<double>(0.1f)).epsilon(1e-6));
  const Array<float> dense({4000, 100}), columns({100});
  dense.fill(0.1f);
  View by_columns = dense.view();
  std::swap(by_columns.extents[0], by_columns.extents[1]);
  std::swap(by_columns.strides[0], by_columns.strides[1]);
  run("sum", {by_columns}, spread(columns, by_columns), groups(1, 1));
  CHECK(columns[99] == Approx(4e3 * static_cast<double>(0.1f)).epsilon(1e-6));
}

TEST_CASE("reductions of nothing") {
  const Array<float> x({3, 0}), y({3});
  const View view = x.view();
  run("sum", {view}, spread(y, view), groups(1, 1));
  CHECK(y.copy() == std::vector<float>{0, 0, 0});
  run("mean", {view}, spread(y, view), groups(1, 1));
  CHECK(std::isnan(y[0]));
  run("max", {view}, spread(y, view), groups(1, 1));
  CHECK(y.copy() == std::vector<float>{-kInf, -kInf, -kInf});
}

TEST_CASE("NaN and infinity go through") {
  for (const std::int64_t n : {3, 100, 5000})
    for (const std::int64_t at : {std::int64_t{0}, n / 2, n - 1}) {
      const Array<float> x({n}), y({});
      x.randomize(1);
      x[at] = kInf;
      run("max", {x.view()}, spread(y, x.view()), groups(0, 1));
      CHECK(y[0] == kInf);
      x[at] = kNan;
      for (const char* op : {"sum", "mean", "max"}) {
        run(op, {x.view()}, spread(y, x.view()), groups(0, 1));
        CHECK(std::isnan(y[0]));
      }
      const Array<std::int32_t> position({});
      run("argmax", {x.view()}, spread(position, x.view()), groups(0, 1));
      CHECK(position[0] == at);
    }
}

TEST_CASE("integers sum and compare") {
  const Array<std::int32_t> x({3, 1000}), y({3});
  x.randomize(1, 1000);
  std::int64_t total = 0, top = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    total += x[i];
    top = std::max<std::int64_t>(top, x[i]);
  }
  run("sum", {x.view()}, spread(y, x.view()), groups(1, 1));
  CHECK(y[0] == total);
  run("max", {x.view()}, spread(y, x.view()), groups(1, 1));
  CHECK(y[0] == top);
}

TEMPLATE_TEST_CASE("argmax is the first of the largest", "", float, double, std::int32_t) {
  for (const Case& c : kCases) {
    const auto x = operand<TestType>(c);
    x.randomize(2, 7);
    for (std::int64_t i = 0; i < x.count(); ++i)
      x[i] = static_cast<TestType>(static_cast<std::int64_t>(x[i] * 4));
    const Array<std::int32_t> y(c.kept);
    run("argmax", {x.view()}, spread(y, x.view()),
        groups(static_cast<int>(c.kept.size()), static_cast<int>(c.reduced.size())));
    for_each(c.kept, [&](const Coordinates& at) {
      std::int64_t n = 0, best = 0;
      TestType top{};
      for_each(c.reduced, [&](const Coordinates& r) {
        const TestType value = x(joined(at, r));
        if (n == 0 || value > top) {
          top = value;
          best = n;
        }
        ++n;
      });
      REQUIRE(y(at) == best);
    });
  }
  const Array<float> ties({2, 40});
  ties.fill(-kInf);
  ties[47] = 1;
  ties[77] = 1;
  const Array<std::int32_t> y({2});
  run("argmax", {ties.view()}, spread(y, ties.view()), groups(1, 1));
  CHECK(y.copy() == std::vector<std::int32_t>{0, 7});
}

TEST_CASE("reductions do not depend on threads") {
  struct Shape {
    Extents extents, strides;
    int kept;
  };
  for (const auto& [extents, strides, kept] :
       {Shape{{1000003}, {1}, 0}, Shape{{300, 1200}, {1200, 1}, 1}, Shape{{1000, 1120}, {1, 1000}, 1},
        Shape{{3, 100000}, {100000, 1}, 1}, Shape{{7, 50000}, {1, 7}, 1}}) {
    const Array<float> x(extents, strides);
    x.randomize(1);
    const Array<float> y(kept == 0 ? Extents{} : Extents{extents[0]});
    const Array<std::int32_t> position(y.extents());
    for (const char* op : {"sum", "mean", "max"}) {
      const std::vector<float> zeros = y.fill(0).copy();
      std::vector<float> first;
      for (const int threads : {1, 2, 3}) {
        Options options;
        options.threads = threads;
        run(op, {x.view()}, spread(y, x.view()), groups(kept, 1), options);
        if (threads == 1) first = y.copy();
        CHECK(std::memcmp(first.data(), &y[0], y.bytes()) == 0);
      }
    }
  }
}
