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
constexpr int kTogether = 12;                 // outputs that are changed at a time
#else
constexpr int kDotRows = 2, kDotColumns = 6;
constexpr int kTogether = 6;
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
void dots(float* const* a, float* const* b, std::int64_t columns, float* to) {
  const float* ap[Rows];
  const float* bp[Columns];
  WEFT_UNROLL
  for (int i = 0; i < Rows; ++i) ap[i] = a[i];
  WEFT_UNROLL
  for (int j = 0; j < Columns; ++j) bp[j] = b[j];
  V sum[Rows * Columns] = {};
  for (std::int64_t d = 0; d < columns; d += kWide) {
    V left[Rows];
    WEFT_UNROLL
    for (int i = 0; i < Rows; ++i) left[i] = load(ap[i] + d);
    WEFT_UNROLL
    for (int j = 0; j < Columns; ++j) {
      const V right = load(bp[j] + d);
      WEFT_UNROLL
      for (int i = 0; i < Rows; ++i) sum[i * Columns + j] += left[i] * right;
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

/// A register's width, at column `at`, of `Count` outputs from `first` on and of all inputs. What the outputs
/// were and what they gain stay in registers while the inputs pass by, so that a factor is loaded once for
/// both of its products.
///
/// Direct: these are all outputs, no two inputs are the same, and rows change at once. Else what they gain is
/// left in `room`, a register for each input and then for each output; the first outputs begin it.
template <int Count, bool kDirect>
void move_strip(const PairStep& step, const float* g, std::int64_t first, std::int64_t at, float* room) {
  const std::int64_t m = step.m, n = step.n;
  V out[Count], gain[Count] = {};
  WEFT_UNROLL
  for (int j = 0; j < Count; ++j) out[j] = load(step.outputs[first + j] + at);
  const float* factors = g + first;
  for (std::int64_t i = 0; i < m; ++i, factors += n) {
    const V in = load(step.inputs[i] + at);
    V sum = in;
    if constexpr (!kDirect) sum = first > 0 ? load(room + i * kWide) : V{};
    WEFT_UNROLL
    for (int j = 0; j < Count; ++j) {
      const V factor = splat(factors[j]);
      sum += factor * out[j];
      gain[j] += factor * in;
    }
    store<float>(kDirect ? step.inputs[i] + at : room + i * kWide, sum);
  }
  WEFT_UNROLL
  for (int j = 0; j < Count; ++j) {
    if constexpr (kDirect) {  // one after the other: two of them may be the same
      float* const to = step.outputs[j] + at;
      store<float>(to, load(to) + gain[j]);
    } else {
      store<float>(room + (m + first + j) * kWide, gain[j]);
    }
  }
}

using MoveStrip = void (*)(const PairStep&, const float*, std::int64_t, std::int64_t, float*);

template <bool kDirect, std::size_t... I>
constexpr auto moves_table(std::index_sequence<I...>) {
  return std::array<MoveStrip, sizeof...(I)>{move_strip<I + 1, kDirect>...};
}
template <bool kDirect>
constexpr auto kMoves = moves_table<kDirect>(std::make_index_sequence<kTogether>());

void add_gains(float* const* rows, std::int64_t count, std::int64_t at, const float* gains) {
  for (std::int64_t r = 0; r < count; ++r) {
    float* const to = rows[r] + at;
    store<float>(to, load(to) + load(gains + r * kWide));
  }
}

bool has_twins(float* const* rows, std::int64_t count) {
  bool found = false;
  for (std::int64_t i = 1; i < count; ++i)
    for (std::int64_t j = 0; j < i; ++j) found |= rows[i] == rows[j];
  return found;
}

/// input_i += sum_j g_ij output_j, output_j += sum_i g_ij input_i
void move_rows(const PairStep& step, const float* g, float* room) {
  if (step.n <= kTogether && !has_twins(step.inputs, step.m)) {
    const MoveStrip move = kMoves<true>[static_cast<std::size_t>(step.n - 1)];
    for (std::int64_t at = 0; at < step.columns; at += kWide) move(step, g, 0, at, room);
    return;
  }
  for (std::int64_t at = 0; at < step.columns; at += kWide) {
    for (std::int64_t j = 0; j < step.n; j += kTogether) {
      const auto count = static_cast<std::size_t>(std::min<std::int64_t>(kTogether, step.n - j));
      kMoves<false>[count - 1](step, g, j, at, room);
    }
    add_gains(step.inputs, step.m, at, room);
    add_gains(step.outputs, step.n, at, room + step.m * kWide);
  }
}

/// s = all inner products of m inputs and n outputs
void all_dots(float* const* inputs, std::int64_t m, float* const* outputs, std::int64_t n,
              std::int64_t columns, float* s) {
  for (std::int64_t i = 0; i < m; i += kDotRows) {
    const std::int64_t high = std::min<std::int64_t>(kDotRows, m - i);
    const auto row = static_cast<std::size_t>(high - 1) * kDotColumns;
    if (n <= kDotColumns) {
      kDots[row + static_cast<std::size_t>(n - 1)](inputs + i, outputs, columns, s + i * n);
      continue;
    }
    for (std::int64_t j = 0; j < n; j += kDotColumns) {
      const std::int64_t wide = std::min<std::int64_t>(kDotColumns, n - j);
      alignas(64) float tile[kDotRows * kDotColumns + kWide];
      kDots[row + static_cast<std::size_t>(wide - 1)](inputs + i, outputs + j, columns, tile);
      for (std::int64_t r = 0; r < high; ++r)
        for (std::int64_t c = 0; c < wide; ++c) s[(i + r) * n + j + c] = tile[r * wide + c];
    }
  }
}

/// -log sigmoid(-x)
double loss_of(float x) {
  const float loss = std::max(x, 0.0F) + math::log1p(math::exp(-__builtin_fabsf(x)));
  return static_cast<double>(x != x ? x : loss);
}

/// The loss -log sigmoid(s) or -log sigmoid(-s) of each pair.
double loss_of(const PairStep& step, const float* s) {
  double sum = 0;
  for (std::int64_t p = 0; p < step.m * step.n; ++p) sum += loss_of(step.labels[p] != 0 ? -s[p] : s[p]);
  return sum;
}

void pair_step(const PairStep& step) {
  const std::int64_t m = step.m, n = step.n, pairs = m * n;
  if (pairs == 0) return;
  float* const s = step.scratch;
  all_dots(step.inputs, m, step.outputs, n, step.columns, s);
  if (step.loss != nullptr) *step.loss += loss_of(step, s);
  const float rate = step.rate;
  const float* const labels = step.labels;
  for (std::int64_t p = 0; p < pairs; p += 16) {
    // a fixed number of turns, so that no pair is left over for scalar code
    float* const x = s + p;
    const float* const y = labels + p;
    WEFT_INDEPENDENT
    for (int l = 0; l < 16; ++l) x[l] = rate * (y[l] - math::sigmoid(x[l]));
  }
  move_rows(step, s, s + (pairs + 64) / 16 * 16);
}

/// The inner products of Count pairs of rows.
template <int Count>
void pair_dots(float* const* a, float* const* b, std::int64_t columns, float* to) {
  V sum[Count] = {};
  for (std::int64_t d = 0; d < columns; d += kWide) {
    WEFT_UNROLL
    for (int i = 0; i < Count; ++i) sum[i] += load(a[i] + d) * load(b[i] + d);
  }
  store_sums<Count>(sum, to);
}

using PairDots = void (*)(float* const*, float* const*, std::int64_t, float*);

constexpr int kPairsAtOnce = 8;
template <std::size_t... I>
constexpr auto pair_dots_table(std::index_sequence<I...>) {
  return std::array<PairDots, sizeof...(I)>{pair_dots<I + 1>...};
}
constexpr auto kPairDots = pair_dots_table(std::make_index_sequence<kPairsAtOnce>());

/// A register's width, at column `at`, of all pairs and of Count rows of the noise from `first` on; pairs are
/// changed with the first of the noise, which keeps what the inputs were in `room` if there is more.
template <int Count, bool kFirst>
void noise_strip(const NoiseStep& step, const float* g, const float* h, std::int64_t first, std::int64_t at,
                 float* room) {
  V noise[std::max(Count, 1)], gain[std::max(Count, 1)] = {};
  WEFT_UNROLL
  for (int j = 0; j < Count; ++j) noise[j] = load(step.noise[first + j] + at);
  const bool more = step.n > Count;
  const float* factors = h + first;
  for (std::int64_t i = 0; i < step.m; ++i, factors += step.n) {
    float* const input = step.inputs[i] + at;
    V in = load(input), sum = in;
    if constexpr (kFirst) {
      float* const target = step.targets[i] + at;
      const V t = load(target), factor = splat(g[i]);
      sum += factor * t;
      store<float>(target, t + factor * in);
      if (more) store<float>(room + i * kWide, in);
    } else {
      in = load(room + i * kWide);
    }
    WEFT_UNROLL
    for (int j = 0; j < Count; ++j) {
      const V factor = splat(factors[j]);
      sum += factor * noise[j];
      gain[j] += factor * in;
    }
    store<float>(input, sum);
  }
  WEFT_UNROLL
  for (int j = 0; j < Count; ++j) {  // one after the other: two of them may be the same
    float* const to = step.noise[first + j] + at;
    store<float>(to, load(to) + gain[j]);
  }
}

using NoiseStrip = void (*)(const NoiseStep&, const float*, const float*, std::int64_t, std::int64_t, float*);

/// By the number of rows, which for the first may be 0.
template <bool kFirst, std::size_t... I>
constexpr auto noise_table(std::index_sequence<I...>) {
  return std::array<NoiseStrip, sizeof...(I)>{noise_strip<I, kFirst>...};
}
template <bool kFirst>
constexpr auto kNoise = noise_table<kFirst>(std::make_index_sequence<kTogether + 1>());

void noise_step(const NoiseStep& step) {
  const std::int64_t m = step.m, n = step.n;
  if (m == 0) return;
  float* const g = step.scratch;
  float* const h = g + (m + 32) / 16 * 16;
  float* const room = h + (m * n + 64) / 16 * 16;
  for (std::int64_t i = 0; i < m; i += kPairsAtOnce) {
    const auto count = static_cast<std::size_t>(std::min<std::int64_t>(kPairsAtOnce, m - i));
    kPairDots[count - 1](step.inputs + i, step.targets + i, step.columns, g + i);
  }
  if (n > 0) all_dots(step.inputs, m, step.noise, n, step.columns, h);
  if (step.loss != nullptr) {
    for (std::int64_t i = 0; i < m; ++i) *step.loss += loss_of(-g[i]);
    for (std::int64_t p = 0; p < m * n; ++p) *step.loss += loss_of(h[p]);
  }
  const float rate = step.rate;
  for (std::int64_t p = 0; p < m; p += 16) {
    WEFT_INDEPENDENT
    for (int l = 0; l < 16; ++l) g[p + l] = rate * (1 - math::sigmoid(g[p + l]));
  }
  for (std::int64_t p = 0; p < m * n; p += 16) {
    WEFT_INDEPENDENT
    for (int l = 0; l < 16; ++l) h[p + l] = -rate * math::sigmoid(h[p + l]);
  }
  const auto count = static_cast<std::size_t>(std::min<std::int64_t>(kTogether, n));
  for (std::int64_t at = 0; at < step.columns; at += kWide) {
    kNoise<true>[count](step, g, h, 0, at, room);
    for (std::int64_t j = kTogether; j < n; j += kTogether)
      kNoise<false>[static_cast<std::size_t>(std::min<std::int64_t>(kTogether, n - j))](step, g, h, j, at,
                                                                                        room);
  }
}

void sum_rows(const float* const* rows, std::int64_t count, float scale, std::int64_t stride, float* out) {
  constexpr int kVectors = 7;
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
  constexpr int kVectors = 7;
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
const EmbeddingKernels kEmbeddingKernels = {pair_step, noise_step, sum_rows, add_change};

}  // namespace weft::WEFT_ISA
