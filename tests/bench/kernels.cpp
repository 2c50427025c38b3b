#include <benchmark/benchmark.h>
#include <cblas.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "kernels/kernel.h"
#include "tests/bench/machine.h"

// How fast the kernels that a training step spends its time in are: products in GF/s (beside OpenBLAS with
// one thread), the others in GB/s of what they have to read and write, each beside the share of what the
// machine's own sgemm or memcpy reaches with as many threads (what stays in a cache may have more than all of
// it), random numbers in G/s. Rows end in the number of threads.

namespace {

using namespace weft;
using Extents = std::vector<std::int64_t>;

template <class T>
struct Data {
  std::vector<T> memory;
  T* values = nullptr;  // 64-byte aligned, as in a plan
  View view;
  Data(const Extents& extents, const Extents& strides, double low = -1, double high = 1) {
    std::int64_t count = 1;
    view.dtype = sizeof(T) == 8 ? DType::f64 : std::is_integral_v<T> ? DType::i32 : DType::f32;
    view.rank = static_cast<int>(extents.size());
    for (std::size_t d = 0; d < extents.size(); ++d) {
      view.extents[d] = extents[d];
      view.strides[d] = strides[d];
      count += (extents[d] - 1) * strides[d];
    }
    std::mt19937 engine(1);
    std::uniform_real_distribution<double> uniform(low, high);
    memory.resize(static_cast<std::size_t>(count) + 64);
    values = reinterpret_cast<T*>((reinterpret_cast<std::uintptr_t>(memory.data()) + 63) / 64 * 64);
    for (std::int64_t i = 0; i < count; ++i) values[i] = static_cast<T>(uniform(engine));
    view.data = reinterpret_cast<std::byte*>(values);
  }
};

const Workers& workers(std::int64_t threads) {
  static std::map<std::int64_t, std::unique_ptr<Workers>> all;
  auto& w = all[threads];
  if (!w) w = std::make_unique<Workers>(static_cast<int>(threads));
  return *w;
}

/// Rates of what one call does: floating-point operations, bytes or, without a limit of the machine,
/// elements.
enum class Unit { flop, byte, element };

/// Runs `call` as often as the benchmark wants.
template <class F>
void measure_rates(benchmark::State& state, Unit unit, double units, std::int64_t threads, F call) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (auto unused : state) call();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const double rate = units * static_cast<double>(state.iterations()) / seconds;
  const auto n = static_cast<int>(threads);
  switch (unit) {
    case Unit::flop:
      state.counters["GF/s"] = rate * 1e-9;
      state.counters["% of sgemm"] = 100 * rate / bench::sgemm_rate(n);
      break;
    case Unit::byte:
      state.counters["GB/s"] = rate * 1e-9;
      state.counters["% of copy"] = 100 * rate / bench::copy_rate(n);
      break;
    case Unit::element:
      state.counters["G/s"] = rate * 1e-9;
      break;
  }
}

/// Calls the kernel as often as the benchmark wants; `units` is what one call does.
void measure(benchmark::State& state, const char* op, const std::vector<View>& inputs, const View& output,
             const KernelParams& params, double units, std::int64_t threads, Unit unit = Unit::byte) {
  const Kernel* kernel = find_kernel(op, Device::cpu, inputs.empty() ? output.dtype : inputs.back().dtype);
  KernelCall call;
  call.inputs = inputs;
  call.output = output;
  call.params = &params;
  call.workers = &workers(threads);
  std::vector<std::byte> workspace;
  if (kernel->workspace_bytes != nullptr)
    workspace.resize(static_cast<std::size_t>(kernel->workspace_bytes(call)) + 64);
  call.workspace =
      reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(workspace.data()) + 63) / 64 * 64);
  kernel->run(call);
  measure_rates(state, unit, units, threads, [&] { kernel->run(call); });
}

// {batch, m, n, k, transposed a, transposed b, threads}
void dot(benchmark::State& state) {
  const std::int64_t b = state.range(0), m = state.range(1), n = state.range(2), k = state.range(3);
  const Data<float> x({b, m, n, k}, {m * k, state.range(4) ? 1 : k, 0, state.range(4) ? m : 1});
  const Data<float> y({b, m, n, k}, {k * n, 0, state.range(5) ? k : 1, state.range(5) ? 1 : n});
  Data<float> out({b, m, n, k}, {m * n, n, 1, 0});
  KernelParams params;
  params.groups = {1, 1, 1, 1};
  measure(state, "dot", {x.view, y.view}, out.view, params, 2.0 * static_cast<double>(b * m * n * k),
          state.range(6), Unit::flop);
}

void openblas(benchmark::State& state) {
  openblas_set_num_threads(1);
  const auto m = static_cast<int>(state.range(1)), n = static_cast<int>(state.range(2)),
             k = static_cast<int>(state.range(3));
  const bool ta = state.range(4) != 0, tb = state.range(5) != 0;
  const Data<float> x({m, k}, {k, 1}), y({k, n}, {n, 1});
  Data<float> out({m, n}, {n, 1});
  measure_rates(state, Unit::flop, 2.0 * static_cast<double>(m) * n * k, 1, [&] {
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1,
                x.values, ta ? m : k, y.values, tb ? k : n, 0, out.values, n);
  });
}

void products(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t threads : {1, 2}) {
    bench->Args({1, 1120, 4000, 256, 0, 0, threads});  // output layer
    bench->Args({1, 1120, 256, 4000, 0, 1, threads});  // its gradient for x
    bench->Args({1, 256, 4000, 1120, 1, 0, threads});  // and for the weights
    bench->Args({1, 32, 1024, 256, 0, 0, threads});    // a recurrent step
    bench->Args({1, 32, 256, 1024, 0, 1, threads});    // its gradient
    bench->Args({1, 32, 2048, 512, 0, 0, threads});    // the same of a larger net
    bench->Args({1, 32, 512, 2048, 0, 1, threads});
    bench->Args({1, 1120, 10000, 512, 0, 0, threads});
    bench->Args({1, 512, 10000, 1120, 1, 0, threads});
    bench->Args({1, 1120, 512, 10000, 0, 1, threads});
    bench->Args({1, 64, 512, 784, 0, 0, threads});  // a small net of dense layers
    bench->Args({1, 784, 512, 64, 1, 0, threads});
    bench->Args({1, 4096, 256, 256, 0, 0, threads});  // layers of a Transformer: forwards,
    bench->Args({1, 4096, 1024, 256, 0, 0, threads});
    bench->Args({1, 4096, 256, 1024, 0, 0, threads});
    bench->Args({1, 4096, 256, 256, 0, 1, threads});  // their gradients for x
    bench->Args({1, 4096, 1024, 256, 0, 1, threads});
    bench->Args({1, 4096, 256, 1024, 0, 1, threads});
    bench->Args({1, 256, 256, 4096, 1, 0, threads});  // and for the weights
    bench->Args({1, 256, 1024, 4096, 1, 0, threads});
    bench->Args({1, 1024, 256, 4096, 1, 0, threads});
    bench->Args({1, 256, 1024, 32, 1, 0, threads});
    bench->Args({1, 256, 1024, 1120, 1, 0, threads});
    bench->Args({1, 8, 1024, 256, 0, 0, threads});
    bench->Args({1, 1, 2048, 512, 0, 0, threads});  // generating, one at a time
    bench->Args({1, 1, 2048, 512, 0, 1, threads});
    bench->Args({64, 32, 32, 64, 0, 1, threads});  // attention
    bench->Args({64, 32, 64, 32, 0, 0, threads});
  }
}

BENCHMARK(dot)->Apply(products)->UseRealTime();
BENCHMARK(openblas)->Apply([](benchmark::internal::Benchmark* b) {
  b->Args({1, 1120, 4000, 256, 0, 0, 1})
      ->Args({1, 32, 1024, 256, 0, 0, 1})
      ->Args({1, 32, 256, 1024, 0, 1, 1});
  b->Args({1, 1, 2048, 512, 0, 0, 1});
});

// {elements, threads}
void unary(benchmark::State& state, const char* op) {
  const std::int64_t n = state.range(0);
  const Data<float> x({n}, {1}, 0.1, 4);
  Data<float> y({n}, {1});
  measure(state, op, {x.view}, y.view, {}, 8.0 * static_cast<double>(n), state.range(1));
}

void add(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  const Data<float> x({n}, {1}), b({n}, {1});
  Data<float> y({n}, {1});
  measure(state, "add", {x.view, b.view}, y.view, {}, 12.0 * static_cast<double>(n), state.range(1));
}

void sizes(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t n : {64, 4096, 8192, 1 << 20})
    for (const std::int64_t threads : {1, 2}) bench->Args({n, threads});
}

BENCHMARK(add)->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(unary, exp, "exp")->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(unary, log, "log")->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(unary, tanh, "tanh")->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(unary, sigmoid, "sigmoid")->Apply(sizes)->UseRealTime();

// {rows, columns, threads}
void matrices(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t threads : {1, 2}) bench->Args({1120, 4000, threads})->Args({32, 1024, threads});
}

void bias(benchmark::State& state) {
  const std::int64_t r = state.range(0), c = state.range(1);
  const Data<float> x({r, c}, {c, 1}), b({r, c}, {0, 1});
  Data<float> y({r, c}, {c, 1});
  measure(state, "add", {x.view, b.view}, y.view, {}, 8.0 * static_cast<double>(r * c), state.range(2));
}
BENCHMARK(bias)->Apply(matrices)->UseRealTime();

void transposition(benchmark::State& state) {
  const std::int64_t r = state.range(0), c = state.range(1);
  const Data<float> x({r, c}, {1, r});
  Data<float> y({r, c}, {c, 1});
  measure(state, "copy", {x.view}, y.view, {}, 8.0 * static_cast<double>(r * c), state.range(2));
}
BENCHMARK(transposition)->Apply(matrices)->UseRealTime();

void reduce(benchmark::State& state, const char* op, bool columns) {
  const std::int64_t r = state.range(0), c = state.range(1);
  const Extents extents = columns ? Extents{c, r} : Extents{r, c};
  const Data<float> x(extents, columns ? Extents{1, c} : Extents{c, 1});
  Data<float> y(extents, {1, 0});
  KernelParams params;
  params.groups = {1, 1};
  measure(state, op, {x.view}, y.view, params, 4.0 * static_cast<double>(r * c), state.range(2));
}
BENCHMARK_CAPTURE(reduce, sum_of_rows, "sum", false)->Apply(matrices)->UseRealTime();
BENCHMARK_CAPTURE(reduce, sum_of_columns, "sum", true)->Apply(matrices)->UseRealTime();
BENCHMARK_CAPTURE(reduce, max_of_rows, "max", false)->Apply(matrices)->UseRealTime();

void softmax(benchmark::State& state, const char* op) {
  const std::int64_t r = state.range(0), c = state.range(1);
  const Data<float> x({r, c}, {c, 1}, -5, 5);
  Data<float> y({r, c}, {c, 1});
  KernelParams params;
  params.groups = {1, 1};
  measure(state, op, {x.view}, y.view, params, 8.0 * static_cast<double>(r * c), state.range(2));
}
BENCHMARK_CAPTURE(softmax, softmax, "softmax")->Apply(matrices)->UseRealTime();
BENCHMARK_CAPTURE(softmax, log_softmax, "log_softmax")->Apply(matrices)->UseRealTime();

void cross_entropy(benchmark::State& state, bool gradient) {
  const std::int64_t r = state.range(0), c = state.range(1);
  const Data<float> x({r, c}, {c, 1}, -5, 5), dy({r, c}, {1, 0});
  const Data<std::int32_t> target({r, c}, {1, 0}, 0, static_cast<double>(c) - 1);
  Data<float> loss({r, c}, {1, 0}), y({r, c}, {c, 1});
  KernelParams params;
  params.groups = {1, 1};
  const double size = static_cast<double>(r * c);
  if (gradient) {
    measure(state, "cross_entropy_grad", {target.view, x.view, loss.view, dy.view}, y.view, params, 8 * size,
            state.range(2));
  } else {
    measure(state, "cross_entropy", {target.view, x.view}, loss.view, params, 4 * size, state.range(2));
  }
}
BENCHMARK_CAPTURE(cross_entropy, forward, false)->Apply(matrices)->UseRealTime();
BENCHMARK_CAPTURE(cross_entropy, gradient, true)->Apply(matrices)->UseRealTime();

// {table rows, looked up, width, threads}
void tables(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t threads : {1, 2}) bench->Args({4000, 1120, 256, threads});
}

void table(benchmark::State& state, const char* op) {
  const std::int64_t v = state.range(0), t = state.range(1), e = state.range(2);
  const Data<float> rows({t, e, v}, {e, 1, 0}), scalar({t, e, v}, {0, 0, 0});
  Data<float> memory({t, e, v}, {0, 1, e});
  const Data<std::int32_t> ids({t, e, v}, {1, 0, 0}, 0, static_cast<double>(v) - 1);
  KernelParams params;
  params.groups = {2, 1};
  params.numbers[0] = static_cast<double>(v * e);
  const double moved = 8.0 * static_cast<double>(t * e);
  const std::string name = op;
  if (name == "gather") {
    measure(state, op, {memory.view, ids.view}, rows.view, params, moved, state.range(3));
  } else if (name == "scatter_add") {
    measure(state, op, {ids.view, rows.view}, memory.view, params, moved + 4.0 * static_cast<double>(v * e),
            state.range(3));
  } else {
    params.groups = {1, 1, 1};
    measure(state, op, {memory.view, ids.view, rows.view, scalar.view, scalar.view}, memory.view, params,
            1.5 * moved, state.range(3));
  }
}
BENCHMARK_CAPTURE(table, gather, "gather")->Apply(tables)->UseRealTime();
BENCHMARK_CAPTURE(table, scatter_add, "scatter_add")->Apply(tables)->UseRealTime();
BENCHMARK_CAPTURE(table, sgd_rows, "sgd_rows")->Apply(tables)->UseRealTime();

void merge_rows(benchmark::State& state) {
  const std::int64_t v = state.range(0), t = state.range(1), e = state.range(2);
  const Data<float> dy({t, e}, {e, 1});
  Data<float> y({t, e}, {e, 1});
  const Data<std::int32_t> ids({t, e}, {1, 0}, 0, static_cast<double>(v) - 1);
  KernelParams params;
  params.groups = {1, 1};
  measure(state, "merge_rows", {ids.view, dy.view}, y.view, params, 8.0 * static_cast<double>(t * e),
          state.range(3));
}
BENCHMARK(merge_rows)->Apply(tables)->UseRealTime();

void random(benchmark::State& state, const char* op) {
  const std::int64_t n = state.range(0);
  const Data<float> x({n}, {1});
  Data<float> y({n}, {1});
  KernelParams params;
  params.numbers = {0.3, 1};
  std::vector<View> inputs;
  if (std::string(op) == "dropout") inputs.push_back(x.view);
  measure(state, op, inputs, y.view, params, static_cast<double>(n), state.range(1), Unit::element);
}
BENCHMARK_CAPTURE(random, dropout_elements, "dropout")->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(random, uniform_elements, "random_uniform")->Apply(sizes)->UseRealTime();
BENCHMARK_CAPTURE(random, normal_elements, "random_normal")->Apply(sizes)->UseRealTime();

void adam(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  Data<float> p({n}, {1}), m({n}, {1}, 0, 1), v({n}, {1}, 0, 1);
  const Data<float> g({n}, {1}), rate({n}, {0}, 1e-9, 1e-8), scale({n}, {0}, 0.5, 1), step({n}, {0}, 3, 4);
  KernelParams params;
  params.numbers = {0.9, 0.999, 1e-8, 0};
  measure(state, "adam", {p.view, m.view, v.view, g.view, rate.view, scale.view, step.view}, p.view, params,
          28.0 * static_cast<double>(n), state.range(1));
}
BENCHMARK(adam)->Apply(sizes)->UseRealTime();

}  // namespace

/// As BENCHMARK_MAIN, with what the machine can do above the table.
int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (const int threads : {1, 2}) {
    char text[64];
    std::snprintf(text, sizeof text, "%.0f GF/s, memcpy %.1f GB/s", weft::bench::sgemm_rate(threads) * 1e-9,
                  weft::bench::copy_rate(threads) * 1e-9);
    benchmark::AddCustomContext(
        "sgemm with " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"), text);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
