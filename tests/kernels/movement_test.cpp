#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

struct Layout {
  Extents extents, to, from;
};
const std::vector<Layout> kLayouts = {
    {{}, {}, {}},
    {{0, 4}, {4, 1}, {4, 1}},
    {{1}, {1}, {1}},
    {{33}, {1}, {0}},
    {{33}, {2}, {3}},
    {{17, 33}, {33, 1}, {1, 17}},  // a transposition
    {{16, 64}, {64, 1}, {1, 16}},
    {{130, 259}, {259, 1}, {1, 130}},
    {{3, 17, 5, 33}, {2805, 165, 33, 1}, {2805, 1, 561, 17}},
    {{5, 17, 33}, {561, 33, 1}, {0, 1, 17}},  // repeated
    {{33, 17}, {1, 33}, {17, 1}},
    {{4, 5, 6}, {1, 4, 20}, {30, 6, 1}},
    {{3, 40, 40}, {1600, 40, 1}, {40, 1, 120}},
};

template <class T>
void check_copy(const char* op) {
  for (const auto& [extents, to, from] : kLayouts)
    for (const auto set : instruction_sets()) {
      Array<T> x(extents, from), y(extents, to);
      x.randomize(1, 2);
      std::vector<View> inputs{x.view()};
      if (std::string(op) == "assign") inputs = {y.view(), x.view()};
      run(op, inputs, y.view(), {}, {set});
      bool same = true;
      for_each(extents, [&](const Coordinates& at) { same &= std::memcmp(&x(at), &y(at), sizeof(T)) == 0; });
      REQUIRE(same);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("copy and assign take any strides", "", float, double, std::int32_t, bool) {
  check_copy<TestType>("copy");
  check_copy<TestType>("assign");
}

TEST_CASE("cast from and to every dtype") {
  Array<float> x({9});
  x.set({0.0f, -0.0f, 1.9f, -1.9f, 1e10f, -1e10f, kInf, kNan, 3.0f});
  for (const auto set : instruction_sets()) {
    Array<std::int32_t> i({9});
    run("cast", {x.view()}, i.view(), {}, {set});
    CHECK(i.copy() == std::vector<std::int32_t>{0, 0, 1, -1, 2147483647, -2147483647 - 1, 2147483647, 0, 3});
    Array<bool> b({9});
    run("cast", {x.view()}, b.view(), {}, {set});
    CHECK(b.copy() == std::vector<bool>{false, false, true, true, true, true, true, true, true});
    Array<double> d({9});
    run("cast", {x.view()}, d.view(), {}, {set});
    CHECK(d[2] == 1.9f);
    CHECK(d[6] == kInf);
    run("cast", {b.view()}, d.view(), {}, {set});
    CHECK(d.copy() == std::vector<double>{0, 0, 1, 1, 1, 1, 1, 1, 1});
    run("cast", {i.view()}, x.view(), {}, {set});
    CHECK(x[4] == 2147483648.0f);
    x.set({0.0f, -0.0f, 1.9f, -1.9f, 1e10f, -1e10f, kInf, kNan, 3.0f});
  }
  Array<double> d({4});
  d.set({2147483647.0, -2147483648.0, 2147483647.9, -0.5});
  Array<std::int32_t> i({4});
  run("cast", {d.view()}, i.view());
  CHECK(i.copy() == std::vector<std::int32_t>{2147483647, -2147483647 - 1, 2147483647, 0});
}

TEMPLATE_TEST_CASE("concat puts inputs side by side", "", float, double, std::int32_t, bool) {
  for (const std::int64_t rows : {0, 1, 3, 33}) {
    Array<TestType> a({rows, 3}), b({rows, 0}), c({rows, 17}, {1, rows}), y({rows, 20});
    a.randomize(1, 2);
    c.randomize(2, 2);
    run("concat", {a.view(), b.view(), c.view()}, y.view(), groups(1, 1));
    for_each(y.extents(), [&](const Coordinates& at) {
      REQUIRE(y(at) == (at[1] < 3 ? a(at) : c({at[0], at[1] - 3})));
    });
  }
}

TEMPLATE_TEST_CASE("pad surrounds with zeros", "", float, double, std::int32_t, bool) {
  for (const std::int64_t offset : {0, 2, 7}) {
    Array<TestType> x({5, 10}), y({5, 17});
    x.randomize(1, 2);
    y.randomize(2, 2);
    run("pad", {x.view()}, y.view(), numbers({static_cast<double>(offset)}, groups(1, 1)));
    for_each(y.extents(), [&](const Coordinates& at) {
      const std::int64_t i = at[1] - offset;
      REQUIRE(y(at) == (i >= 0 && i < 10 ? x({at[0], i}) : TestType(0)));
    });
  }
}

TEMPLATE_TEST_CASE("pad surrounds with a value", "", float, double) {
  const Array<TestType> x({2, 3}), y({2, 6});
  x.randomize(1);
  run("pad", {x.view()}, y.view(), numbers({2, -kInf}, groups(1, 1)));
  for_each(y.extents(), [&](const Coordinates& at) {
    const bool inside = at[1] >= 2 && at[1] < 5;
    REQUIRE(y(at) == (inside ? x({at[0], at[1] - 2}) : TestType(-kInf)));
  });
}

TEMPLATE_TEST_CASE("overlap adds windows along an axis", "", float, double) {
  // y[c, p] = sum of x[c, i, j] over i stride + j dilation = p; space c, p, i, j
  struct Layout {
    Extents out, x;
  };
  for (const auto set : instruction_sets())
    for (const std::int64_t c : {1, 3, 33})
      for (const std::int64_t stride : {1, 2, 4})
        for (const std::int64_t dilation : {1, 3}) {
          const std::int64_t w = 5, k = 3, n = (w - 1) * stride + (k - 1) * dilation + 2;
          for (const auto& [so, sx] :
               {Layout{{n, 1, 0, 0}, {w * k, 0, k, 1}}, {{1, c, 0, 0}, {1, 0, c, w * c}}}) {
            const Array<TestType> y({c, n, w, k}, so), x({c, n, w, k}, sx);
            x.randomize(1);
            y.randomize(2);
            std::vector<double> expected(static_cast<std::size_t>(c * n), 0.0);
            for_each({c, w, k}, [&](const Coordinates& at) {
              const std::int64_t p = at[1] * stride + at[2] * dilation;
              expected[static_cast<std::size_t>(at[0] * n + p)] += x({at[0], 0, at[1], at[2]});
            });
            run("overlap", {x.view()}, y.view(),
                numbers({static_cast<double>(stride), static_cast<double>(dilation)}, groups(1, 1, 1, 1)),
                {set});
            for_each({c, n}, [&](const Coordinates& at) {
              REQUIRE(close(y({at[0], at[1], 0, 0}), expected[static_cast<std::size_t>(at[0] * n + at[1])],
                            tolerance_of<TestType>()));
            });
          }
        }
}

TEST_CASE("position is the coordinate along the last dim") {
  for (const Extents& extents : {Extents{7}, Extents{3, 33}, Extents{2, 0}, Extents{200, 3, 100}}) {
    Array<std::int32_t> y(extents);
    run("position", {}, y.view(), groups(static_cast<int>(extents.size()) - 1, 1));
    bool good = true;
    for_each(extents, [&](const Coordinates& at) { good &= y(at) == at.back(); });
    CHECK(good);
  }
}

TEST_CASE("moving large arrays does not depend on threads") {
  Array<float> x({500, 301}, {1, 500}), y({500, 301});
  x.randomize(1);
  CHECK(same_bits_on_any_threads("copy", {x.view()}, y));
  Array<float> wide({500, 400});
  CHECK(same_bits_on_any_threads("pad", {x.view()}, wide, numbers({50})));
  CHECK(same_bits_on_any_threads("concat", {x.view(), x.view()}, Array<float>({500, 602})));
  const Array<float> laid({500, 40, 13, 4}, {40, 1, 0, 0}), apart({500, 40, 13, 4}, {52, 0, 4, 1});
  apart.randomize(3);
  CHECK(same_bits_on_any_threads("overlap", {apart.view()}, laid, numbers({3, 1}, groups(1, 1, 1, 1))));
  CHECK(same_bits_on_any_threads("position", {}, Array<std::int32_t>({500, 301})));
  CHECK(same_bits_on_any_threads("cast", {x.view()}, Array<std::int32_t>({500, 301})));
}
