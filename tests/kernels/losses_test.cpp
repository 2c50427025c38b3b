#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

using Int = std::int32_t;

// log sum exp of row r of a matrix, as a double
template <class T>
double log_sum_exp(const Array<T>& x, std::int64_t r, std::int64_t n) {
  double top = -kInf, sum = 0;
  for (std::int64_t i = 0; i < n; ++i) top = std::max<double>(top, x({r, i}));
  for (std::int64_t i = 0; i < n; ++i) sum += std::exp(x({r, i}) - top);
  return top + std::log(sum);
}

template <class T>
void check_losses(std::int64_t rows, std::int64_t n, bool turned, InstructionSet set) {
  const Extents strides = turned ? Extents{1, rows} : Extents{n, 1};
  const Array<T> x({rows, n}, strides), y({rows, n}, strides), loss({rows, n}, {1, 0}), dy({rows, n}, {1, 0});
  const Array<Int> target({rows, n}, {1, 0});
  x.randomize(1);
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] *= 5;
  dy.randomize(2);
  target.randomize(3, n);
  const double tolerance = tolerance_of<T>();
  std::vector<double> sums;
  for (std::int64_t r = 0; r < rows; ++r) sums.push_back(log_sum_exp(x, r, n));
  const auto sum = [&](std::int64_t r) { return sums[static_cast<std::size_t>(r)]; };
  bool good = true;
  run("softmax", {x.view()}, y.view(), groups(1, 1), {set});
  for_each({rows, n}, [&](const Coordinates& at) {
    const double expected = std::exp(x(at) - sum(at[0]));
    good &= std::abs(y(at) - expected) <= tolerance * expected + 1e-37;
  });
  REQUIRE(good);
  run("log_softmax", {x.view()}, y.view(), groups(1, 1), {set});
  for_each({rows, n}, [&](const Coordinates& at) { good &= close(y(at), x(at) - sum(at[0]), tolerance); });
  REQUIRE(good);
  run("cross_entropy", {target.view(), x.view()}, loss.view(), groups(1, 1), {set});
  for (std::int64_t r = 0; r < rows; ++r) REQUIRE(close(loss[r], sum(r) - x({r, target[r]}), tolerance));
  run("cross_entropy_grad", {target.view(), x.view(), loss.view(), dy.view()}, y.view(), groups(1, 1), {set});
  for_each({rows, n}, [&](const Coordinates& at) {
    const double p = std::exp(x(at) - sum(at[0]));
    good &= close(y(at), (p - (at[1] == target[at[0]] ? 1 : 0)) * dy[at[0]], 2 * tolerance);
  });
  REQUIRE(good);
}

}  // namespace

TEMPLATE_TEST_CASE("softmax and cross entropy agree with their formulas", "", float, double) {
  for (const auto set : instruction_sets())
    for (const std::int64_t rows : {1, 3, 17})
      for (const std::int64_t n : {1, 3, 17, 33, 1030, 2500})
        for (const bool turned : {false, true}) check_losses<TestType>(rows, n, turned, set);
}

TEST_CASE("no rows and no classes") {
  const Array<float> none({0, 5}), empty({3, 0});
  run("softmax", {none.view()}, none.view(), groups(1, 1));
  run("softmax", {empty.view()}, empty.view(), groups(1, 1));
  run("log_softmax", {empty.view()}, empty.view(), groups(1, 1));
  SUCCEED();
}

TEST_CASE("softmax of large, masked and broken rows") {
  const Array<float> x({5, 3}), y({5, 3});
  x.set({1e30f, 1e30f, 1e30f, -kInf, 0, 0, -kInf, -kInf, -kInf, kNan, 0, 0, 3, -kInf, -kInf});
  run("softmax", {x.view()}, y.view(), groups(1, 1));
  CHECK(y[0] == Approx(1.0 / 3));
  CHECK(y[3] == 0);
  CHECK(y[4] == 0.5f);
  CHECK(std::isnan(y[6]));
  CHECK(std::isnan(y[8]));
  CHECK(std::isnan(y[9]));
  CHECK(std::isnan(y[11]));
  CHECK(y[12] == 1.0f);
  CHECK(y[14] == 0.0f);
  run("log_softmax", {x.view()}, y.view(), groups(1, 1));
  CHECK(y[3] == -kInf);
  CHECK(y[4] == Approx(-std::log(2.0)));
  CHECK(std::isnan(y[7]));
  CHECK(std::isnan(y[10]));
  CHECK(y[12] == 0.0f);
}

TEST_CASE("cross entropy of unlikely and impossible targets") {
  const Array<float> x({4, 3}), loss({4, 3}, {1, 0}), dy({4, 3}, {1, 0}), y({4, 3});
  const Array<Int> target({4, 3}, {1, 0});
  x.set({0, 1000, 0, 0, -kInf, 0, 0, 0, 0, 0, 0, 0});
  target.set({0, 1, 3, -1});
  dy.fill(1);
  run("cross_entropy", {target.view(), x.view()}, loss.view(), groups(1, 1));
  CHECK(loss[0] == 1000);
  CHECK(loss[1] == kInf);
  CHECK(std::isnan(loss[2]));
  CHECK(std::isnan(loss[3]));
  run("cross_entropy_grad", {target.view(), x.view(), loss.view(), dy.view()}, y.view(), groups(1, 1));
  CHECK(y[0] == -1);
  CHECK(y[1] == 1);
  CHECK(y[2] == 0);
  CHECK(std::isnan(y[6]));
}

TEST_CASE("the output of softmax may be its input") {
  const Array<float> x({3, 1500}), y({3, 1500});
  x.randomize(1);
  run("softmax", {x.view()}, y.view(), groups(1, 1));
  run("softmax", {x.view()}, x.view(), groups(1, 1));
  CHECK(x.copy() == y.copy());
}

TEST_CASE("losses do not depend on threads") {
  const Array<float> x({300, 1201}), y({300, 1201}), loss({300, 1201}, {1, 0}), dy({300, 1201}, {1, 0});
  const Array<Int> target({300, 1201}, {1, 0});
  x.randomize(1);
  dy.randomize(2);
  target.randomize(3, 1201);
  CHECK(same_bits_on_any_threads("softmax", {x.view()}, y, groups(1, 1)));
  CHECK(same_bits_on_any_threads("log_softmax", {x.view()}, y, groups(1, 1)));
  CHECK(same_bits_on_any_threads("cross_entropy", {target.view(), x.view()}, loss, groups(1, 1)));
  CHECK(same_bits_on_any_threads("cross_entropy_grad", {target.view(), x.view(), loss.view(), dy.view()}, y,
                                 groups(1, 1)));
}
