#include <algorithm>
#include <array>
#include <utility>

#include "kernels/cpu/vector.h"
#include "kernels/embedding.h"
#include "kernels/math.h"

/// The matrices of a step are small: 1 to some 20 rows by 6 or so, and rows of some hundred elements that lie
/// where the vocabulary has them. So nothing is copied together: micro kernels take rows by their addresses
/// and keep a tile of results in registers.
namespace weft::WEFT_ISA {

namespace {

using V = Vector<float>;
constexpr int kWide = kLanes<float>;

#if defined(__AVX512F__)
constexpr int kDotRows = 4, kDotColumns = 6;  // of inner products at a time
constexpr int kSumRows = 3, kSumVectors = 7;  // of sums of rows at a time
#else
constexpr int kDotRows = 3, kDotColumns = 3;
constexpr int kSumRows = 3, kSumVectors = 3;
#endif

/// Lane l of the result: a[l] + a[l ^ Distance] where l & Distance is 0, the same of b elsewhere.
template <int Distance, std::size_t... Lane>
inline V fold_lanes(V a, V b, std::index_sequence<Lane...>) {
  const V kept = __builtin_shufflevector(a, b, (static_cast<int>(Lane) + (Lane & Distance ? kWide : 0))...);
  const V other =
      __builtin_shufflevector(a, b, ((static_cast<int>(Lane) ^ Distance) + (Lane & Distance ? kWide : 0))...);
  return kept + other;
}
template <int Distance>
inline V fold(V a, V b) {
  return fold_lanes<Distance>(a, b, std::make_index_sequence<kWide>());
}

/// The sums over the lanes of Count registers, a power of two, in the first Count lanes of one.
template <int Count>
inline V sums_of(const V* v) {
  V x[Count];
  WEFT_UNROLL
  for (int i = 0; i < Count; ++i) x[i] = v[i];
  if constexpr (Count > 1) {
    WEFT_UNROLL
    for (int i = 0; i < Count / 2; ++i) x[i] = fold<1>(x[2 * i], x[2 * i + 1]);
  }
  if constexpr (Count > 2) {
    WEFT_UNROLL
    for (int i = 0; i < Count / 4; ++i) x[i] = fold<2>(x[2 * i], x[2 * i + 1]);
  }
  if constexpr (Count > 4) {
    WEFT_UNROLL
    for (int i = 0; i < Count / 8; ++i) x[i] = fold<4>(x[2 * i], x[2 * i + 1]);
  }
  if constexpr (Count > 8) x[0] = fold<8>(x[0], x[1]);
  if constexpr (Count <= 1 && kWide > 1) x[0] = fold<1>(x[0], x[0]);
  if constexpr (Count <= 2 && kWide > 2) x[0] = fold<2>(x[0], x[0]);
  if constexpr (Count <= 4 && kWide > 4) x[0] = fold<4>(x[0], x[0]);
  if constexpr (Count <= 8 && kWide > 8) x[0] = fold<8>(x[0], x[0]);
  return x[0];
}

/// The sums over the lanes of Count registers, one after another; up to a register's width behind them is
/// overwritten.
template <int Count>
inline void store_sums(const V* v, float* to) {
  if constexpr (Count > 0) {
    constexpr int kNow = Count >= kWide ? kWide : Count >= 8 ? 8 : Count >= 4 ? 4 : Count >= 2 ? 2 : 1;
    store<float>(to, sums_of<kNow>(v));
    store_sums<Count - kNow>(v + kNow, to + kNow);
  }
}

/// Rows x Columns inner products, row by row.
template <int Rows, int Columns>
void dots(float* const* a, float* const* b, std::int64_t stride, float* to) {
  const float* ap[Rows];
  const float* bp[Columns];
  WEFT_UNROLL
  for (int i = 0; i < Rows; ++i) ap[i] = a[i];
  WEFT_UNROLL
  for (int j = 0; j < Columns; ++j) bp[j] = b[j];
  V sum[Rows * Columns] = {};
  for (std::int64_t d = 0; d < stride; d += kWide) {
    V right[Columns];
    WEFT_UNROLL
    for (int j = 0; j < Columns; ++j) right[j] = load(bp[j] + d);
    WEFT_UNROLL
    for (int i = 0; i < Rows; ++i) {
      const V left = load(ap[i] + d);
      WEFT_UNROLL
      for (int j = 0; j < Columns; ++j) sum[i * Columns + j] += left * right[j];
    }
  }
  store_sums<Rows * Columns>(sum, to);
}

using Dots = void (*)(float* const*, float* const*, std::int64_t, float*);

template <std::size_t... I>
constexpr auto dots_table(std::index_sequence<I...>) {
  return std::array<Dots, sizeof...(I)>{dots<I / kDotColumns + 1, I % kDotColumns + 1>...};
}
constexpr auto kDots = dots_table(std::make_index_sequence<kDotRows * kDotColumns>());

/// to_r += sum_k g[r row + k column] from_k for Rows rows, Vectors registers wide.
template <int Rows, int Vectors>
void add_sums(float* const* to, const float* const* from, std::int64_t count, const float* g,
              std::int64_t row, std::int64_t column, std::int64_t at) {
  V sum[Rows][Vectors] = {};
  for (std::int64_t k = 0; k < count; ++k) {
    const float* source = from[k] + at;
    V v[Vectors];
    WEFT_UNROLL
    for (int j = 0; j < Vectors; ++j) v[j] = load(source + j * kWide);
    WEFT_UNROLL
    for (int r = 0; r < Rows; ++r) {
      const V factor = splat(g[r * row + k * column]);
      WEFT_UNROLL
      for (int j = 0; j < Vectors; ++j) sum[r][j] += factor * v[j];
    }
  }
  // One row after another: two of them may be the same.
  WEFT_UNROLL
  for (int r = 0; r < Rows; ++r) {
    float* const target = to[r] + at;
    WEFT_UNROLL
    for (int j = 0; j < Vectors; ++j) store<float>(target + j * kWide, load(target + j * kWide) + sum[r][j]);
  }
}

using AddSums = void (*)(float* const*, const float* const*, std::int64_t, const float*, std::int64_t,
                         std::int64_t, std::int64_t);

template <std::size_t... I>
constexpr auto sums_table(std::index_sequence<I...>) {
  return std::array<AddSums, sizeof...(I)>{add_sums<I / kSumVectors + 1, I % kSumVectors + 1>...};
}
constexpr auto kAddSums = sums_table(std::make_index_sequence<kSumRows * kSumVectors>());

/// to_r += sum_k g[r row + k column] from_k
void add_products(float* const* to, std::int64_t rows, const float* const* from, std::int64_t count,
                  const float* g, std::int64_t row, std::int64_t column, std::int64_t stride) {
  const std::int64_t vectors = stride / kWide;
  const std::int64_t strips = (vectors + kSumVectors - 1) / kSumVectors;
  const std::int64_t blocks = (rows + kSumRows - 1) / kSumRows;
  for (std::int64_t s = 0, v = 0; s < strips; ++s) {
    const std::int64_t wide = (vectors - v + strips - s - 1) / (strips - s);
    for (std::int64_t b = 0, r = 0; b < blocks; ++b) {
      const std::int64_t high = (rows - r + blocks - b - 1) / (blocks - b);
      kAddSums[static_cast<std::size_t>((high - 1) * kSumVectors + wide - 1)](
          to + r, from, count, g + r * row, row, column, v * kWide);
      r += high;
    }
    v += wide;
  }
}

/// s = all inner products, m x n
void all_dots(const PairStep& step, float* s) {
  const std::int64_t m = step.m, n = step.n;
  const std::int64_t row_blocks = (m + kDotRows - 1) / kDotRows;
  const std::int64_t column_blocks = (n + kDotColumns - 1) / kDotColumns;
  for (std::int64_t rb = 0, i = 0; rb < row_blocks; ++rb) {
    const std::int64_t high = (m - i + row_blocks - rb - 1) / (row_blocks - rb);
    for (std::int64_t cb = 0, j = 0; cb < column_blocks; ++cb) {
      const std::int64_t wide = (n - j + column_blocks - cb - 1) / (column_blocks - cb);
      const Dots dots_of = kDots[static_cast<std::size_t>((high - 1) * kDotColumns + wide - 1)];
      if (column_blocks == 1) {
        dots_of(step.inputs + i, step.outputs, step.stride, s + i * n);
      } else {
        alignas(64) float tile[kDotRows * kDotColumns + kWide];
        dots_of(step.inputs + i, step.outputs + j, step.stride, tile);
        for (std::int64_t r = 0; r < high; ++r)
          for (std::int64_t c = 0; c < wide; ++c) s[(i + r) * n + j + c] = tile[r * wide + c];
      }
      j += wide;
    }
    i += high;
  }
}

/// The loss -log sigmoid(s) or -log sigmoid(-s) of each pair.
double loss_of(const PairStep& step, const float* s) {
  double sum = 0;
  for (std::int64_t p = 0; p < step.m * step.n; ++p) {
    const float x = step.labels[p] != 0 ? -s[p] : s[p];
    const float loss = std::max(x, 0.0F) + math::log1p(math::exp(-__builtin_fabsf(x)));
    sum += static_cast<double>(x != x ? x : loss) *
           static_cast<double>(step.weights != nullptr ? step.weights[p] : 1.0F);
  }
  return sum;
}

void pair_step(const PairStep& step) {
  const std::int64_t m = step.m, n = step.n, pairs = m * n;
  if (pairs == 0) return;
  float* const s = step.scratch;
  float* const change = s + (pairs + 64) / 16 * 16;
  all_dots(step, s);
  if (step.loss != nullptr) *step.loss += loss_of(step, s);
  const float rate = step.rate;
  const float* const labels = step.labels;
  const float* const weights = step.weights;
  for (std::int64_t p = 0; p < pairs; p += 16) {
    // a fixed number of turns, so that no pair is left over for scalar code
    float* const x = s + p;
    const float* const y = labels + p;
    if (weights == nullptr) {
      WEFT_INDEPENDENT
      for (int l = 0; l < 16; ++l) x[l] = rate * (y[l] - math::sigmoid(x[l]));
    } else {
      const float* const w = weights + p;
      WEFT_INDEPENDENT
      for (int l = 0; l < 16; ++l) x[l] = rate * w[l] * (y[l] - math::sigmoid(x[l]));
    }
  }
  // The outputs' change is made beside them, as the inputs' needs what they were.
  std::fill(change, change + n * step.stride, 0.0F);
  constexpr std::int64_t kMost = 64;
  float* rows[kMost];
  for (std::int64_t j = 0; j < n; j += kMost) {
    const std::int64_t count = std::min(kMost, n - j);
    for (std::int64_t k = 0; k < count; ++k) rows[k] = change + (j + k) * step.stride;
    add_products(rows, count, step.inputs, m, s + j, 1, n, step.stride);
  }
  add_products(step.inputs, m, step.outputs, n, s, n, 1, step.stride);
  for (std::int64_t j = 0; j < n; ++j) {
    float* const to = step.outputs[j];
    const float* const from = change + j * step.stride;
    for (std::int64_t d = 0; d < step.stride; d += kWide) store<float>(to + d, load(to + d) + load(from + d));
  }
}

void sum_rows(const float* const* rows, std::int64_t count, float scale, std::int64_t stride, float* out) {
  constexpr int kVectors = kSumVectors;
  const V factor = splat(scale);
  std::int64_t d = 0;
  for (; d + kVectors * kWide <= stride; d += kVectors * kWide) {
    V sum[kVectors] = {};
    for (std::int64_t k = 0; k < count; ++k) {
      WEFT_UNROLL
      for (int j = 0; j < kVectors; ++j) sum[j] += load(rows[k] + d + j * kWide);
    }
    WEFT_UNROLL
    for (int j = 0; j < kVectors; ++j) store<float>(out + d + j * kWide, factor * sum[j]);
  }
  for (; d < stride; d += kWide) {
    V sum = {};
    for (std::int64_t k = 0; k < count; ++k) sum += load(rows[k] + d);
    store<float>(out + d, factor * sum);
  }
}

void add_change(float* const* rows, std::int64_t count, float scale, const float* before, const float* after,
                std::int64_t stride) {
  constexpr int kVectors = kSumVectors;
  const V factor = splat(scale);
  std::int64_t d = 0;
  for (; d + kVectors * kWide <= stride; d += kVectors * kWide) {
    V change[kVectors];
    WEFT_UNROLL
    for (int j = 0; j < kVectors; ++j)
      change[j] = factor * (load(after + d + j * kWide) - load(before + d + j * kWide));
    for (std::int64_t k = 0; k < count; ++k) {
      float* const to = rows[k] + d;
      WEFT_UNROLL
      for (int j = 0; j < kVectors; ++j) store<float>(to + j * kWide, load(to + j * kWide) + change[j]);
    }
  }
  for (; d < stride; d += kWide) {
    const V change = factor * (load(after + d) - load(before + d));
    for (std::int64_t k = 0; k < count; ++k) store<float>(rows[k] + d, load(rows[k] + d) + change);
  }
}

}  // namespace

extern const EmbeddingKernels kEmbeddingKernels;
const EmbeddingKernels kEmbeddingKernels = {pair_step, sum_rows, add_change};

}  // namespace weft::WEFT_ISA
