#include "kernels/embedding.h"

#include <array>
#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "tests/catch2.h"

using namespace weft;

namespace {

/// Rows on cache lines, zeros behind their last elements.
class Rows {
 public:
  Rows(int rows, int dimension)
      : stride((dimension + 15) / 16 * 16), floats_(static_cast<std::size_t>(rows * stride + 16)) {
    begin_ = floats_.data();
    while (reinterpret_cast<std::uintptr_t>(begin_) % 64 != 0) ++begin_;
  }
  float* operator[](int i) const { return begin_ + i * stride; }
  std::int64_t stride;

 private:
  std::vector<float> floats_;
  float* begin_;
};

}  // namespace

TEST_CASE("pair step: the formula in float64, its gradient by differences of the loss") {
  const InstructionSet set = GENERATE(InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4);
  const EmbeddingKernels* const kernels = embedding_kernels(set);
  if (kernels == nullptr) return;
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0, 1);
  for (const auto& [m, n, dimension] : std::vector<std::array<int, 3>>{
           {1, 1, 1}, {1, 6, 20}, {10, 6, 100}, {7, 3, 33}, {4, 9, 300}, {3, 70, 16}}) {
    const Rows in(m, dimension), out(n, dimension), scratch(1, static_cast<int>(pair_scratch(m, n)));
    for (int i = 0; i < m + n; ++i)
      for (int d = 0; d < dimension; ++d)
        (i < m ? in[i] : out[i - m])[d] = normal(random) / std::sqrt(static_cast<float>(dimension));
    std::vector<float> labels(static_cast<std::size_t>(m * n + 16));
    for (float& label : labels) label = random() % 3 == 0 ? 1.0F : 0.0F;
    std::vector<float*> ins, outs;
    for (int i = 0; i < m; ++i) ins.push_back(in[i]);
    for (int j = 0; j < n; ++j) outs.push_back(out[j]);
    // where there are several, the last row is the first once more: changes must add up
    if (m > 2) ins.back() = ins.front();
    if (n > 3) outs.back() = outs.front();
    const auto stride = static_cast<std::size_t>(in.stride);
    std::map<float*, std::vector<double>> expected;
    for (float* r : ins) expected[r] = std::vector<double>(r, r + stride);
    for (float* r : outs) expected[r] = std::vector<double>(r, r + stride);
    const double rate = 0.3;
    double loss = 0;
    for (std::size_t i = 0; i < ins.size(); ++i)
      for (std::size_t j = 0; j < outs.size(); ++j) {
        const std::size_t p = i * static_cast<std::size_t>(n) + j;
        const double y = static_cast<double>(labels[p]);
        const auto loss_at = [&](double s) {
          const double q = 1 / (1 + std::exp(-s));
          return -(y * std::log(q) + (1 - y) * std::log(1 - q));
        };
        double s = 0;
        for (std::size_t d = 0; d < stride; ++d)
          s += static_cast<double>(ins[i][d]) * static_cast<double>(outs[j][d]);
        loss += loss_at(s);
        const double step = 1e-5, g = -rate * (loss_at(s + step) - loss_at(s - step)) / (2 * step);
        for (std::size_t d = 0; d < stride; ++d) {
          expected[ins[i]][d] += g * static_cast<double>(outs[j][d]);
          expected[outs[j]][d] += g * static_cast<double>(ins[i][d]);
        }
      }
    double told = 0;
    kernels->pair_step({ins.data(), m, outs.data(), n, labels.data(), dimension, static_cast<float>(rate),
                        scratch[0], &told});
    INFO("set " << static_cast<int>(set) << ", " << m << " x " << n << " x " << dimension);
    CHECK(told == Approx(loss).epsilon(1e-5));
    double worst = 0;
    for (const auto& [row, values] : expected)
      for (std::size_t d = 0; d < stride; ++d)
        worst = std::max(worst, std::abs(static_cast<double>(row[d]) - values[d]));
    CHECK(worst < 3e-6);
  }
}

TEST_CASE("noise step: the formula in float64, pair after pair") {
  const InstructionSet set = GENERATE(InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4);
  const EmbeddingKernels* const kernels = embedding_kernels(set);
  if (kernels == nullptr) return;
  std::mt19937 random(12);
  std::normal_distribution<float> normal(0, 1);
  for (const auto& [m, n, dimension] : std::vector<std::array<int, 3>>{
           {1, 0, 1}, {1, 5, 20}, {8, 5, 100}, {8, 6, 33}, {19, 5, 100}, {3, 30, 300}, {8, 13, 16}}) {
    // several noise rows in one go, so that groups of them show in nothing, need inputs of their own
    const bool twins = n <= 6;
    const Rows in(m, dimension), target(m, dimension), noise(std::max(1, n), dimension),
        scratch(1, static_cast<int>(noise_scratch(m, n)));
    std::vector<float*> ins, targets, noises;
    for (int i = 0; i < m; ++i) ins.push_back(in[i]), targets.push_back(target[i]);
    for (int j = 0; j < n; ++j) noises.push_back(noise[j]);
    for (const auto& rows : {ins, targets, noises})
      for (float* row : rows)
        for (int d = 0; d < dimension; ++d)
          row[d] = normal(random) / std::sqrt(static_cast<float>(dimension));
    if (twins && m > 2) ins.back() = ins.front(), targets[1] = targets[0];
    if (twins && n > 3) noises.back() = noises.front();
    const auto stride = static_cast<std::size_t>(in.stride);
    std::map<float*, std::vector<double>> rows;
    for (const auto& some : {ins, targets, noises})
      for (float* r : some) rows[r] = std::vector<double>(r, r + stride);
    const auto dot = [&](float* a, float* b) {
      double sum = 0;
      for (std::size_t d = 0; d < stride; ++d) sum += rows[a][d] * rows[b][d];
      return sum;
    };
    const double rate = 0.3;
    double loss = 0;
    std::vector<double> g, h;
    for (std::size_t i = 0; i < ins.size(); ++i) {
      const double s = dot(ins[i], targets[i]);
      loss += std::log1p(std::exp(-s));
      g.push_back(rate / (1 + std::exp(s)));
      for (float* z : noises) {
        const double q = dot(ins[i], z);
        loss += std::log1p(std::exp(q));
        h.push_back(-rate / (1 + std::exp(-q)));
      }
    }
    std::vector<std::vector<double>> gains(noises.size(), std::vector<double>(stride));
    for (std::size_t i = 0; i < ins.size(); ++i) {
      const std::vector<double> before = rows[ins[i]];
      for (std::size_t d = 0; d < stride; ++d) {
        rows[ins[i]][d] += g[i] * rows[targets[i]][d];
        rows[targets[i]][d] += g[i] * before[d];
        for (std::size_t j = 0; j < noises.size(); ++j) {
          rows[ins[i]][d] += h[i * noises.size() + j] * rows[noises[j]][d];
          gains[j][d] += h[i * noises.size() + j] * before[d];
        }
      }
    }
    for (std::size_t j = 0; j < noises.size(); ++j)
      for (std::size_t d = 0; d < stride; ++d) rows[noises[j]][d] += gains[j][d];
    double told = 0;
    kernels->noise_step({ins.data(), targets.data(), m, noises.data(), n, dimension, static_cast<float>(rate),
                         scratch[0], &told});
    INFO("set " << static_cast<int>(set) << ", " << m << " + " << n << " x " << dimension);
    CHECK(told == Approx(loss).epsilon(1e-5));
    double worst = 0;
    for (const auto& [row, values] : rows)
      for (std::size_t d = 0; d < stride; ++d)
        worst = std::max(worst, std::abs(static_cast<double>(row[d]) - values[d]));
    CHECK(worst < 5e-6);
  }
}

TEST_CASE("embedding kernels: sums of rows and changes of rows") {
  const InstructionSet set = GENERATE(InstructionSet::baseline, InstructionSet::v3, InstructionSet::v4);
  const EmbeddingKernels* const kernels = embedding_kernels(set);
  if (kernels == nullptr) return;
  for (const int dimension : {1, 16, 100, 130}) {
    const Rows m(5, dimension);
    for (int i = 0; i < 5; ++i)
      for (int d = 0; d < dimension; ++d) m[i][d] = static_cast<float>(i * 1000 + d);
    float* rows[3] = {m[0], m[2], m[2]};
    kernels->sum_rows(rows, 3, 0.5F, m.stride, m[4]);
    const int last = dimension - 1;
    CHECK(m[4][last] == 2000 + 1.5F * static_cast<float>(last));
    kernels->add_change(rows, 3, 2, m[1], m[3], m.stride);  // rows 1 and 3 are 2000 apart
    CHECK(m[0][last] == static_cast<float>(4000 + last));
    CHECK(m[2][last] == static_cast<float>(2000 + 8000 + last));
  }
}
