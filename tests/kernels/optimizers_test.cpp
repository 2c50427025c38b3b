#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;

namespace {

template <class T>
Array<T> scalar(const Extents& extents, double value) {
  const Array<T> s(extents, Extents(extents.size(), 0));
  s[0] = static_cast<T>(value);
  return s;
}

struct Layout {
  Extents extents, param, grad;
};
const std::vector<Layout> kLayouts = {
    {{0}, {1}, {1}},
    {{1}, {1}, {1}},
    {{17}, {1}, {1}},
    {{1003}, {1}, {1}},
    {{33, 17}, {17, 1}, {1, 33}},
    {{33, 17}, {34, 2}, {17, 1}},
    {{33, 17}, {17, 1}, {0, 1}},
};

}  // namespace

TEMPLATE_TEST_CASE("sgd", "", float, double) {
  for (const auto& [extents, sp, sg] : kLayouts)
    for (const auto set : instruction_sets()) {
      const Array<TestType> p(extents, sp), g(extents, sg), before(extents, sp);
      p.randomize(1);
      before.set(p.copy());
      g.randomize(2);
      const auto rate = scalar<TestType>(extents, 0.1), scale = scalar<TestType>(extents, 0.5);
      run("sgd", {p.view(), g.view(), rate.view(), scale.view()}, p.view(), {}, {set});
      for_each(extents, [&](const Coordinates& at) {
        REQUIRE(close(p(at), before(at) - 0.05 * g(at), tolerance_of<TestType>()));
      });
    }
}

TEMPLATE_TEST_CASE("adam follows Kingma and Ba", "", float, double) {
  const double beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8, decay = 0.01;
  for (const auto& [extents, sp, sg] : kLayouts)
    for (const auto set : instruction_sets()) {
      const Array<TestType> p(extents, sp), m(extents, sp), v(extents, sp), g(extents, sg);
      const Array<double> rp(extents, sp), rm(extents, sp), rv(extents, sp);
      p.randomize(1);
      for (std::int64_t i = 0; i < p.count(); ++i) rp[i] = p[i];
      for (int step = 1; step <= 3; ++step) {
        g.randomize(static_cast<unsigned>(10 + step));
        const auto rate = scalar<TestType>(extents, 0.01 * step), scale = scalar<TestType>(extents, 0.5),
                   t = scalar<TestType>(extents, step);
        run("adam", {p.view(), m.view(), v.view(), g.view(), rate.view(), scale.view(), t.view()}, p.view(),
            numbers({beta1, beta2, epsilon, decay}), {set});
        for_each(extents, [&](const Coordinates& at) {
          const double grad = 0.5 * g(at);
          rm(at) = beta1 * rm(at) + (1 - beta1) * grad;
          rv(at) = beta2 * rv(at) + (1 - beta2) * grad * grad;
          const double mean = rm(at) / (1 - std::pow(beta1, step)),
                       square = rv(at) / (1 - std::pow(beta2, step));
          rp(at) -= 0.01 * step * (mean / (std::sqrt(square) + epsilon) + decay * rp(at));
        });
      }
      for_each(extents, [&](const Coordinates& at) {
        REQUIRE(close(p(at), rp(at), 10 * tolerance_of<TestType>()));
        REQUIRE(close(m(at), rm(at), tolerance_of<TestType>()));
        REQUIRE(close(v(at), rv(at), tolerance_of<TestType>()));
      });
    }
}

TEMPLATE_TEST_CASE("momentum, AdaGrad and RMSProp follow their papers", "", float, double) {
  struct Case {
    const char* op;
    KernelParams params;
    void (*step)(double rate, double g, double& w, double& s);
  };
  const Case cases[] = {
      {"momentum", numbers({0.9, 0}),
       [](double rate, double g, double& w, double& u) {
         u = 0.9 * u + g;
         w -= rate * u;
       }},
      {"momentum", numbers({0.9, 1}),
       [](double rate, double g, double& w, double& u) {
         u = 0.9 * u + g;
         w -= rate * (g + 0.9 * u);
       }},
      {"adagrad", numbers({1e-8}),
       [](double rate, double g, double& w, double& s) {
         s += g * g;
         w -= rate * g / (std::sqrt(s) + 1e-8);
       }},
      {"rmsprop", numbers({0.75, 1e-3}),
       [](double rate, double g, double& w, double& s) {
         s = 0.75 * s + 0.25 * g * g;
         w -= rate * g / (std::sqrt(s) + 1e-3);
       }},
  };
  for (const auto& [op, params, step] : cases)
    for (const auto& [extents, sp, sg] : kLayouts)
      for (const auto set : instruction_sets()) {
        INFO(op);
        const Array<TestType> p(extents, sp), s(extents, sp), g(extents, sg);
        const Array<double> rp(extents, sp), rs(extents, sp);
        p.randomize(1);
        for (std::int64_t i = 0; i < p.count(); ++i) rp[i] = p[i];
        for (int t = 1; t <= 3; ++t) {
          g.randomize(static_cast<unsigned>(10 + t));
          const auto rate = scalar<TestType>(extents, 0.01 * t), scale = scalar<TestType>(extents, 0.5);
          run(op, {p.view(), s.view(), g.view(), rate.view(), scale.view()}, p.view(), params, {set});
          for_each(extents, [&](const Coordinates& at) { step(0.01 * t, 0.5 * g(at), rp(at), rs(at)); });
        }
        for_each(extents, [&](const Coordinates& at) {
          REQUIRE(close(p(at), rp(at), 10 * tolerance_of<TestType>()));
          REQUIRE(close(s(at), rs(at), 10 * tolerance_of<TestType>()));
        });
      }
}

TEST_CASE("adam with L2 regularization adds it to the gradient") {
  const Array<double> p({3}), m({3}), v({3}), g({3});
  p.set({1, -2, 0});
  g.set({0.5, 0.5, 0.5});
  const auto rate = scalar<double>({3}, 0.1), scale = scalar<double>({3}, 2), t = scalar<double>({3}, 1);
  run("adam", {p.view(), m.view(), v.view(), g.view(), rate.view(), scale.view(), t.view()}, p.view(),
      numbers({0.5, 0.75, 0, 0, 0.25}));
  // g' = 2 g + 0.25 w = 1.25, 0.5, 1; the first step of Adam moves by the rate
  CHECK(m.copy() == std::vector<double>{0.625, 0.25, 0.5});
  CHECK(v.copy() == std::vector<double>{0.390625, 0.0625, 0.25});
  CHECK(close(p[0], 0.9, 1e-12));
  CHECK(close(p[1], -2.1, 1e-12));
  CHECK(close(p[2], -0.1, 1e-12));
}

TEST_CASE("moments that fade away become zero") {
  const Array<float> p({40}), m({40}), v({40}), g({40});
  m.fill(1e-37f);
  v.fill(1e-37f);
  const auto rate = scalar<float>({40}, 0.1), scale = scalar<float>({40}, 1), step = scalar<float>({40}, 9);
  for (int i = 0; i < 50; ++i)
    run("adam", {p.view(), m.view(), v.view(), g.view(), rate.view(), scale.view(), step.view()}, p.view(),
        numbers({0.9, 0.9, 1e-8, 0}));
  CHECK(m.copy() == std::vector<float>(40, 0.0f));
  CHECK(v.copy() == std::vector<float>(40, 0.0f));
}

TEST_CASE("sgd_rows changes the rows it is given") {
  // param[V, E], idx[R], rows[R, E]; space R, E, V
  for (const auto set : instruction_sets())
    for (const std::int64_t e : {1, 3, 33}) {
      const std::int64_t r = 17, v = 50;
      const Array<float> p({r, e, v}, {0, 1, e}), rows({r, e, v}, {e, 1, 0});
      const Array<std::int32_t> idx({r, e, v}, {1, 0, 0});
      p.randomize(1);
      const auto before = p.copy();
      rows.randomize(2);
      for (std::int64_t i = 0; i < r; ++i) idx[i] = static_cast<std::int32_t>(3 * i);
      idx[4] = -1;
      idx[5] = 50;
      const auto rate = scalar<float>({r, e, v}, 0.1), scale = scalar<float>({r, e, v}, 2);
      run("sgd_rows", {p.view(), idx.view(), rows.view(), rate.view(), scale.view()}, p.view(),
          groups(1, 1, 1), {set});
      std::vector<double> expected(before.begin(), before.end());
      for (std::int64_t i = 0; i < r; ++i)
        if (idx[i] >= 0 && idx[i] < v)
          for (std::int64_t c = 0; c < e; ++c)
            expected[static_cast<std::size_t>(idx[i] * e + c)] -= 0.2 * rows[i * e + c];
      for (std::int64_t i = 0; i < p.count(); ++i)
        REQUIRE(close(p[i], expected[static_cast<std::size_t>(i)], 1e-5));
    }
}

TEST_CASE("a rate or scale that is not finite changes nothing at all") {
  const Extents extents = {20, 3};
  for (const float bad : {kNan, kInf, -kInf})
    for (const bool in_rate : {false, true}) {
      const Array<float> p(extents), m(extents), v(extents), g(extents);
      p.randomize(1);
      m.randomize(2);
      v.fill(1);
      g.randomize(3);
      const auto before = p.copy(), before_m = m.copy(), before_v = v.copy();
      const auto rate = scalar<float>(extents, in_rate ? bad : 0.1f),
                 scale = scalar<float>(extents, in_rate ? 1 : bad), step = scalar<float>(extents, 1);
      run("sgd", {p.view(), g.view(), rate.view(), scale.view()}, p.view());
      run("adam", {p.view(), m.view(), v.view(), g.view(), rate.view(), scale.view(), step.view()}, p.view(),
          numbers({0.9, 0.999, 1e-8, 0}));
      for (const auto& [op, parameters] : {std::pair{"momentum", numbers({0.9, 0})},
                                           {"adagrad", numbers({1e-8})},
                                           {"rmsprop", numbers({0.9, 1e-8})}})
        run(op, {p.view(), m.view(), g.view(), rate.view(), scale.view()}, p.view(), parameters);
      const Extents space = {4, 3, 20};
      View table = p.view();
      table.rank = 3;
      table.extents = {4, 3, 20};
      table.strides = {0, 1, 3};
      const Array<float> rows(space, {3, 1, 0});
      rows.fill(1);
      const Array<std::int32_t> idx(space, {1, 0, 0});
      run("sgd_rows", {table, idx.view(), rows.view(), rate.view(), scale.view()}, table, groups(1, 1, 1));
      CHECK(p.copy() == before);
      CHECK(m.copy() == before_m);
      CHECK(v.copy() == before_v);
    }
}

TEST_CASE("updates do not depend on threads") {
  const Extents extents = {400, 333};
  const Array<float> p(extents), m(extents), v(extents), g(extents);
  p.randomize(1);
  m.randomize(2);
  v.fill(1);
  g.randomize(3);
  const auto rate = scalar<float>(extents, 0.1), scale = scalar<float>(extents, 1),
             step = scalar<float>(extents, 3);
  CHECK(same_bits_on_any_threads("sgd", {p.view(), g.view(), rate.view(), scale.view()}, p));
  std::vector<float> first;
  const auto before = p.copy(), before_m = m.copy(), before_v = v.copy();
  for (const int threads : {1, 2, 3}) {
    p.set(before);
    m.set(before_m);
    v.set(before_v);
    Options options;
    options.threads = threads;
    run("adam", {p.view(), m.view(), v.view(), g.view(), rate.view(), scale.view(), step.view()}, p.view(),
        numbers({0.9, 0.999, 1e-8, 0}), options);
    std::vector<float> all = p.copy();
    for (const auto& part : {m.copy(), v.copy()}) all.insert(all.end(), part.begin(), part.end());
    if (threads == 1) first = all;
    CHECK(std::memcmp(first.data(), all.data(), all.size() * sizeof(float)) == 0);
  }
}
