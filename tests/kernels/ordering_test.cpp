#include <numeric>

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

TEMPLATE_TEST_CASE("top_k gives the positions of a stable sort", "", float, double) {
  constexpr std::int64_t kRows = 19, kLength = 300;
  Array<TestType> x({kRows, kLength, 1}, {kLength, 1, 0});
  Array<std::int32_t> coarse({kRows * kLength});
  coarse.randomize(3, 40);  // many are equal
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = static_cast<TestType>(coarse[i] - 20) / 4;
  x[7] = std::numeric_limits<TestType>::quiet_NaN();
  x[kLength + 5] = -std::numeric_limits<TestType>::infinity();
  for (const double smallest : {0.0, 1.0}) {
    for (const std::int64_t k : {1, 5, 32, 33, 150, 300}) {
      const Extents extents{kRows, kLength, k};
      const Array<TestType> in(extents, {kLength, 1, 0});
      in.set(x.copy());
      const Array<std::int32_t> out(extents, {k, 0, 1});
      const KernelParams params = numbers({smallest}, groups(1, 1, 1));
      for (const auto set : instruction_sets()) {
        out.fill(-1);
        run("top_k", {in.view()}, out.view(), params, {set});
        for (std::int64_t r = 0; r < kRows; ++r) {
          std::vector<std::int32_t> order(kLength);
          std::iota(order.begin(), order.end(), 0);
          std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
            const TestType u = x[r * kLength + a], v = x[r * kLength + b];
            if (std::isnan(u) || std::isnan(v)) {
              return smallest != 0 ? !std::isnan(u) && std::isnan(v) : std::isnan(u) && !std::isnan(v);
            }
            return smallest != 0 ? u < v : u > v;
          });
          for (std::int64_t i = 0; i < k; ++i) REQUIRE(out[r * k + i] == order[static_cast<std::size_t>(i)]);
        }
      }
      CHECK(same_bits_on_any_threads("top_k", {in.view()}, out, params));
    }
  }
}

TEMPLATE_TEST_CASE("cumsum adds up along any stride, from either end, without losing digits", "", float,
                   double) {
  struct Layout {
    Extents extents, in, out;
  };
  for (const auto& [extents, from, to] :
       {Layout{{1, 0}, {0, 1}, {0, 1}}, Layout{{3, 1}, {1, 1}, {1, 1}}, Layout{{5, 700}, {700, 1}, {700, 1}},
        Layout{{700, 33}, {1, 700}, {1, 700}}, Layout{{130, 33}, {33, 1}, {1, 130}}}) {
    const Array<TestType> x(extents, from), y(extents, to);
    x.randomize(5);
    for (const bool reverse : {false, true}) {
      const KernelParams params = numbers({reverse ? 1.0 : 0.0}, groups(1, 1));
      for (const auto set : instruction_sets()) {
        run("cumsum", {x.view()}, y.view(), params, {set});
        for (std::int64_t r = 0; r < extents[0]; ++r) {
          double sum = 0;
          for (std::int64_t i = 0; i < extents[1]; ++i) {
            const std::int64_t t = reverse ? extents[1] - 1 - i : i;
            sum += x({r, t});
            REQUIRE(y({r, t}) == static_cast<TestType>(sum));
          }
        }
      }
      CHECK(same_bits_on_any_threads("cumsum", {x.view()}, y, params));
    }
  }
}

TEMPLATE_TEST_CASE("adagrad_rows changes its rows as adagrad changes the whole table, and no others", "",
                   float, double) {
  struct Case {
    std::int64_t rows, elements, table;
  };
  for (const auto& [rows, elements, table] :
       {Case{0, 3, 5}, Case{4, 1, 5}, Case{7, 5, 9}, Case{500, 64, 900}}) {
    const Extents space{rows, elements, table}, whole{table, elements};
    const auto scalar = [](const Extents& extents, double value) {
      const Array<TestType> s(extents, Extents(extents.size(), 0));
      s[0] = static_cast<TestType>(value);
      return s;
    };
    const Array<TestType> w(space, {0, 1, elements}), sum(space, {0, 1, elements}),
        g(space, {elements, 1, 0});
    const Array<std::int32_t> ids(space, {1, 0, 0});
    const Array<TestType> dense_w(whole), dense_sum(whole), dense_g(whole);
    const std::size_t size = static_cast<std::size_t>(table * elements);
    std::vector<TestType> first(size), second(size, TestType(0.25)), gradient(size, 0);
    for (std::size_t i = 0; i < size; ++i) first[i] = static_cast<TestType>(i % 17) / 8 - 1;
    g.randomize(4);
    for (std::int64_t r = 0; r < rows; ++r) {
      ids[r] = static_cast<std::int32_t>(r * 7 % table);  // each once: 7 divides none of the extents
      for (std::int64_t e = 0; e < elements; ++e)
        gradient[static_cast<std::size_t>(ids[r] * elements + e)] = g[r * elements + e];
    }
    dense_w.set(first);
    dense_sum.set(second);
    dense_g.set(gradient);
    run("adagrad",
        {dense_w.view(), dense_sum.view(), dense_g.view(), scalar(whole, 0.1).view(),
         scalar(whole, 0.5).view()},
        dense_w.view(), numbers({1e-8}));
    for (const int threads : {1, 2, 3}) {
      if (rows > 0) {
        w.set(first);
        sum.set(second);
        const auto rate = scalar(space, 0.1), scale = scalar(space, 0.5);
        Options options;
        options.threads = threads;
        run("adagrad_rows", {w.view(), sum.view(), ids.view(), g.view(), rate.view(), scale.view()}, w.view(),
            numbers({1e-8}, groups(1, 1, 1)), options);
        CHECK(w.copy() == dense_w.copy());
        CHECK(sum.copy() == dense_sum.copy());
      } else {
        CHECK(first == dense_w.copy());
      }
    }
  }
}
