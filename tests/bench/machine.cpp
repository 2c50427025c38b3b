#include "tests/bench/machine.h"

#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <thread>
#include <vector>

#include "kernels/kernel.h"

namespace weft::bench {

namespace {

constexpr int kTries = 7;

/// Seconds of the fastest of some calls.
double least_time(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double least = 1e30;
  for (int i = 0; i < kTries; ++i) {
    const auto start = Clock::now();
    work();
    least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return least;
}

View matrix(std::vector<float>& values, std::int64_t n, std::int64_t row, std::int64_t column,
            std::int64_t k) {
  View view;
  view.data = reinterpret_cast<std::byte*>(values.data());
  view.dtype = DType::f32;
  view.rank = 3;
  for (std::size_t d = 0; d < 3; ++d) view.extents[d] = n;
  view.strides[0] = row;
  view.strides[1] = column;
  view.strides[2] = k;
  return view;
}

double measure_sgemm(int threads) {
  constexpr std::int64_t n = 1536;
  const auto size = static_cast<std::size_t>(n * n);
  std::vector<float> a(size, 0.5F), b(size, 0.25F), c(size);
  const Workers workers(threads);
  KernelParams params;
  params.groups = {0, 1, 1, 1};
  const std::vector<View> inputs = {matrix(a, n, n, 0, 1), matrix(b, n, 0, 1, n)};
  const Kernel* kernel = find_kernel("dot", Device::cpu, DType::f32);
  KernelCall call;
  call.inputs = inputs;
  call.output = matrix(c, n, n, 1, 0);
  call.params = &params;
  call.workers = &workers;
  std::vector<std::byte> workspace;
  if (kernel->workspace_bytes != nullptr)
    workspace.resize(static_cast<std::size_t>(kernel->workspace_bytes(call)) + 64);
  call.workspace =
      reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(workspace.data()) + 63) / 64 * 64);
  openblas_set_num_threads(threads);
  const double own = least_time([&] { kernel->run(call); });
  const double theirs = least_time([&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(),
                n);
  });
  openblas_set_num_threads(1);
  return 2.0 * static_cast<double>(n) * n * n / std::min(own, theirs);
}

double measure_copy(int threads) {
  constexpr std::size_t kBytes = 256U << 20U;
  std::vector<char> from(kBytes, 1), to(kBytes, 2);
  const std::size_t part = kBytes / static_cast<std::size_t>(threads);
  const double least = least_time([&] {
    std::vector<std::jthread> all;
    for (int t = 0; t < threads; ++t) {
      const std::size_t begin = part * static_cast<std::size_t>(t);
      all.emplace_back([&, begin] { std::memcpy(to.data() + begin, from.data() + begin, part); });
    }
  });
  return 2.0 * static_cast<double>(part) * threads / least;
}

double once(std::map<int, double>& known, int threads, double (*measure)(int)) {
  double& rate = known[threads];
  if (rate == 0) rate = measure(threads);
  return rate;
}

}  // namespace

double sgemm_rate(int threads) {
  static std::map<int, double> known;
  return once(known, threads, measure_sgemm);
}

double copy_rate(int threads) {
  static std::map<int, double> known;
  return once(known, threads, measure_copy);
}

}  // namespace weft::bench
