#include "tensor/initialize.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace weft {

namespace {

void draw(Tensor& t, const char* op, double a, double b, std::uint64_t seed, std::uint32_t stream,
          const Workers& workers) {
  const Kernel* kernel = find_kernel(op, Device::cpu, t.dtype());
  if (!kernel) throw std::logic_error(std::string("[initialize] no kernel ") + op);
  KernelParams params;
  params.numbers = {a, b};
  params.stream = stream;
  KernelCall call;
  call.output = t.view();
  call.params = &params;
  call.workers = &workers;
  call.random = {seed, 0};
  kernel->run(call);
}

void fill(Tensor& t, double value) {
  if (t.dtype() == DType::f32) {
    std::ranges::fill(t.values<float>(), static_cast<float>(value));
  } else {
    std::ranges::fill(t.values<double>(), value);
  }
}

/// The inner product, in several sums at once so that none waits for the one before.
double product(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr std::size_t kSums = 8;
  double sums[kSums] = {};
  std::size_t k = 0;
  for (; k + kSums <= a.size(); k += kSums)
    for (std::size_t l = 0; l < kSums; ++l) sums[l] += a[k + l] * b[k + l];
  for (; k < a.size(); ++k) sums[0] += a[k] * b[k];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// Gram-Schmidt, twice over for accuracy, on `count` vectors of `length` numbers, count <= length.
void orthonormalize(std::vector<std::vector<double>>& vectors) {
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    auto& v = vectors[i];
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < i; ++j) {
        const double along = product(v, vectors[j]);
        for (std::size_t k = 0; k < v.size(); ++k) v[k] -= along * vectors[j][k];
      }
    }
    const double norm = std::sqrt(product(v, v));
    for (double& x : v) x = norm > 0 ? x / norm : 0;
  }
}

/// t[rows, middle.., columns] from normal draws: for each position of the middle axes the matrix of rows and
/// columns gets orthonormal rows or columns, whichever are fewer.
template <class T>
void make_orthogonal(Tensor& t) {
  const std::int64_t rows = t.axes().front().extent, columns = t.axes().back().extent;
  if (rows == 0 || columns == 0) return;
  const std::int64_t middle = t.size() / (rows * columns);
  const auto x = t.values<T>();
  const bool by_rows = rows <= columns;
  const std::int64_t count = by_rows ? rows : columns, length = by_rows ? columns : rows;
  std::vector<std::vector<double>> vectors(static_cast<std::size_t>(count),
                                           std::vector<double>(static_cast<std::size_t>(length)));
  for (std::int64_t m = 0; m < middle; ++m) {
    const auto element = [&](std::int64_t i, std::int64_t k) -> T& {
      const std::int64_t r = by_rows ? i : k, c = by_rows ? k : i;
      return x[static_cast<std::size_t>((r * middle + m) * columns + c)];
    };
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t k = 0; k < length; ++k) {
        vectors[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)] = element(i, k);
      }
    }
    orthonormalize(vectors);
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t k = 0; k < length; ++k) {
        element(i, k) = static_cast<T>(vectors[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)]);
      }
    }
  }
}

}  // namespace

void initialize(Tensor& t, const Initializer& how, std::uint64_t seed, std::uint32_t stream,
                const Workers& workers) {
  const double fan_in = t.axes().empty() ? 1 : static_cast<double>(t.axes().front().extent);
  const double fan_out = t.axes().empty() ? 1 : static_cast<double>(t.axes().back().extent);
  switch (how.kind) {
    case Initializer::Kind::zeros:
      return fill(t, 0);
    case Initializer::Kind::ones:
      return fill(t, 1);
    case Initializer::Kind::constant:
      return fill(t, how.a);
    case Initializer::Kind::uniform:
      return draw(t, "random_uniform", how.a, how.b, seed, stream, workers);
    case Initializer::Kind::normal:
      return draw(t, "random_normal", how.a, how.b, seed, stream, workers);
    case Initializer::Kind::glorot: {
      const double limit = std::sqrt(6 / (fan_in + fan_out));
      return draw(t, "random_uniform", -limit, limit, seed, stream, workers);
    }
    case Initializer::Kind::he:
      return draw(t, "random_normal", 0, std::sqrt(2 / fan_in), seed, stream, workers);
    case Initializer::Kind::orthogonal:
      if (t.axes().size() < 2)
        throw std::invalid_argument("[initialize] orthogonal expected two axes at least");
      draw(t, "random_normal", 0, 1, seed, stream, workers);
      return t.dtype() == DType::f32 ? make_orthogonal<float>(t) : make_orthogonal<double>(t);
  }
}

}  // namespace weft
