#include "kernels/random.h"

#include "tests/catch2.h"
#include "tests/kernels/harness.h"

using namespace weft;
using namespace weft::test;
namespace philox = weft::portable::philox;

namespace {

// Word of one element, straight from the mapping in kernels/random.h.
std::uint32_t word(std::uint64_t element, const Options& o, std::uint32_t stream) {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const philox::Block mixed = philox::block(
      {{low(o.random.seed), low(o.random.seed >> 32), low(o.random.step), low(o.random.step >> 32)}},
      {{0, 0}});
  const philox::Block drawn = philox::block({{low(element / 4), low(element / 4 >> 32), o.iteration, stream}},
                                            {{mixed.word[0], mixed.word[1]}});
  return drawn.word[element % 4];
}

KernelParams stream_params(std::uint32_t stream, std::initializer_list<double> values) {
  KernelParams params = numbers(values);
  params.stream = stream;
  return params;
}

}  // namespace

TEST_CASE("philox4x32-10 gives the published numbers") {
  // Random123 1.14, tests/kat_vectors: counter, key, result
  struct Known {
    philox::Block counter;
    philox::Key key;
    philox::Block result;
  };
  const std::vector<Known> known = {
      {{{0, 0, 0, 0}}, {{0, 0}}, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
      {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
       {{0xffffffff, 0xffffffff}},
       {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
      {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
       {{0xa4093822, 0x299f31d0}},
       {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
  };
  for (const auto& [counter, key, result] : known)
    for (int i = 0; i < 4; ++i) CHECK(philox::block(counter, key).word[i] == result.word[i]);
}

TEMPLATE_TEST_CASE("kernels draw what the mapping says", "", float, double) {
  Options options;
  options.random = {0x123456789abcdef0u, 0xfedcba9876543210u};
  options.iteration = 7;
  for (const auto set : instruction_sets())
    for (const std::int64_t n : {0, 1, 3, 17, 33, 1024, 5000}) {
      options.set = set;
      const Array<TestType> u({n}), kept({n}), z({n}), x({n});
      x.fill(1);
      run("random_uniform", {}, u.view(), stream_params(5, {-1, 3}), options);
      run("dropout", {x.view()}, kept.view(), stream_params(6, {0.3}), options);
      run("random_normal", {}, z.view(), stream_params(8, {2, 3}), options);
      for (std::int64_t i = 0; i < n; ++i) {
        REQUIRE(close(u[i], -1 + 4 * (word(static_cast<std::uint64_t>(i), options, 5) * 0x1p-32), 4e-7));
        const std::uint32_t half =
            word(static_cast<std::uint64_t>(i / 2), options, 6) >> (i % 2 * 16) & 0xffff;
        const double p = 19661 * 0x1p-16;  // 0.3, of steps of 2^-16
        REQUIRE(close(kept[i], half >= 19661 ? 1 / (1 - p) : 0, 1e-6));
        const auto pair = static_cast<std::uint64_t>(i / 2 * 2);
        const double r = std::sqrt(-2 * std::log((word(pair, options, 8) / 2 + 0.5) * 0x1p-31));
        const double t = word(pair + 1, options, 8) * (6.283185307179586 * 0x1p-32);
        REQUIRE(close(z[i], 2 + 3 * r * (i % 2 ? std::sin(t) : std::cos(t)), 2e-6));
      }
    }
}

TEST_CASE("draws do not depend on strides or threads") {
  const Array<float> dense({33, 17, 100}), apart({33, 17, 100}, {1, 33, 561 * 2}),
      x({33, 17, 100}, {0, 0, 0});
  x.fill(1);
  const KernelParams half = stream_params(1, {0.5, 2});
  for (const char* op : {"random_uniform", "random_normal", "dropout"}) {
    std::vector<View> inputs;
    if (std::string(op) == "dropout") inputs.push_back(x.view());
    run(op, inputs, dense.view(), half);
    run(op, inputs, apart.view(), half);
    bool same = true;
    for_each(dense.extents(), [&](const Coordinates& at) { same &= dense(at) == apart(at); });
    CHECK(same);
    CHECK(same_bits_on_any_threads(op, inputs, dense, half));
  }
}

TEST_CASE("seed, step, stream and iteration each give other numbers") {
  const auto draw = [](RandomKey key, std::uint32_t stream, std::uint32_t iteration) {
    Options options;
    options.random = key;
    options.iteration = iteration;
    const Array<float> u({64});
    run("random_uniform", {}, u.view(), stream_params(stream, {0, 1}), options);
    return u.copy();
  };
  const auto base = draw({1, 2}, 3, 4);
  CHECK(draw({1, 2}, 3, 4) == base);
  CHECK(draw({2, 2}, 3, 4) != base);
  CHECK(draw({1, 3}, 3, 4) != base);
  CHECK(draw({1, 2}, 4, 4) != base);
  CHECK(draw({1, 2}, 3, 5) != base);
  CHECK(draw({2, 1}, 3, 4) != base);
}

TEST_CASE("the moments of a million draws") {
  const std::int64_t n = 1000000;
  const Array<float> x({n}), ones({n}, {0});
  const auto moments = [&] {
    double sum = 0, squares = 0, cubes = 0, fourths = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double v = x[i];
      sum += v;
      squares += v * v;
      cubes += v * v * v;
      fourths += v * v * v * v;
    }
    return std::vector<double>{sum / n, squares / n, cubes / n, fourths / n};
  };
  run("random_uniform", {}, x.view(), stream_params(0, {0, 1}));
  auto m = moments();
  for (int i = 0; i < 4; ++i) CHECK(m[static_cast<std::size_t>(i)] == Approx(1.0 / (i + 2)).margin(0.002));
  CHECK(*std::max_element(&x[0], &x[0] + n) < 1.0f);
  CHECK(*std::min_element(&x[0], &x[0] + n) >= 0.0f);
  run("random_normal", {}, x.view(), stream_params(0, {0, 1}));
  m = moments();
  CHECK(m[0] == Approx(0).margin(0.005));
  CHECK(m[1] == Approx(1).margin(0.01));
  CHECK(m[2] == Approx(0).margin(0.03));
  CHECK(m[3] == Approx(3).margin(0.05));
  ones.fill(1);
  run("dropout", {ones.view()}, x.view(), stream_params(0, {0.2}));
  m = moments();
  CHECK(m[0] == Approx(1).margin(0.003));
  CHECK(m[1] == Approx(1.25).margin(0.004));
}

TEST_CASE("dropout of nothing, of all, and of infinities") {
  const Array<float> x({1000}), y({1000});
  x.randomize(1);
  run("dropout", {x.view()}, y.view(), numbers({0}));
  CHECK(x.copy() == y.copy());
  x.fill(kInf);
  run("dropout", {x.view()}, y.view(), numbers({0.5}));
  for (std::int64_t i = 0; i < 1000; ++i)
    REQUIRE((std::isnan(y[i]) || y[i] == kInf));  // 0 of infinity is none
  x.fill(2);
  run("dropout", {x.view()}, y.view(), numbers({1}));
  CHECK(y.copy() == std::vector<float>(1000, 0.0f));
}
