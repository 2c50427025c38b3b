#include "kernels/classifier.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "kernels/cpu/vector.h"
#include "kernels/math.h"

namespace weft::WEFT_ISA {

namespace {

using V = Vector<float>;
constexpr std::int64_t kWide = kLanes<float>;
/// Rows are worked on in stripes of so many registers, so that what stays the same does stay in them.
constexpr int kStripe = 8;

std::int64_t row_at(const std::int32_t* rows, std::int64_t i) {
  return rows ? rows[i] : i;
}

/// body(offset, count) for each stripe of a row; count is a constant for the compiler.
template <class Body, int... Count>
void dispatch(int count, std::int64_t offset, Body&& body, std::integer_sequence<int, Count...>) {
  ((count == Count + 1 ? body(offset, std::integral_constant<int, Count + 1>()) : void()), ...);
}

template <class Body>
void for_each_stripe(std::int64_t width, Body&& body) {
  const std::int64_t registers = width / kWide;
  for (std::int64_t done = 0; done < registers;) {
    // A rest of one register more goes along in two even parts.
    const std::int64_t left = registers - done;
    const auto count = static_cast<int>(left <= kStripe      ? left
                                        : left < 2 * kStripe ? (left + 1) / 2
                                                             : kStripe);
    dispatch(count, done * kWide, body, std::make_integer_sequence<int, kStripe>());
    done += count;
  }
}

void mean(const float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, float* out) {
  const float share = n > 0 ? 1.0F / static_cast<float>(n) : 0.0F;
  for_each_stripe(width, [&](std::int64_t offset, auto count) {
    constexpr int N = decltype(count)::value;
    V sum[N] = {};
    for (std::int64_t i = 0; i < n; ++i) {
      const float* row = matrix + row_at(rows, i) * width + offset;
      WEFT_UNROLL
      for (int r = 0; r < N; ++r) sum[r] += load(row + r * kWide);
    }
    WEFT_UNROLL
    for (int r = 0; r < N; ++r) store<float>(out + offset + r * kWide, sum[r] * share);
  });
}

/// Sums of the lanes of kWide registers, in their order: halves the registers by adding what two of them
/// interleave to.
V sums_of(V (&lanes)[kWide]) {
  constexpr auto kAll = std::make_index_sequence<kWide>();
  WEFT_UNROLL
  for (int half = kWide / 2; half > 0; half /= 2) {
    WEFT_UNROLL
    for (int i = 0; i < half; ++i) {
      lanes[i] = interleave<float, false>(lanes[i], lanes[i + half], kAll) +
                 interleave<float, true>(lanes[i], lanes[i + half], kAll);
    }
  }
  return lanes[0];
}

/// The scores of kWide rows.
V scores_of(const float* const (&row)[kWide], std::int64_t width, const float* x) {
  V sum[kWide] = {};
  for (std::int64_t d = 0; d < width; d += kWide) {
    const V at = load(x + d);
    WEFT_UNROLL
    for (int r = 0; r < kWide; ++r) sum[r] += load(row[r] + d) * at;
  }
  return sums_of(sum);
}

void scores(const float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, const float* x,
            float* out) {
  for (std::int64_t i = 0; i < n; i += kWide) {
    const float* row[kWide];
    for (std::int64_t r = 0; r < kWide; ++r) row[r] = matrix + row_at(rows, std::min(i + r, n - 1)) * width;
    store<float>(out + i, scores_of(row, width, x));
  }
}

void softmax(float* scores, std::int64_t n) {
  float top = scores[0], lanes[kWide];
  std::int64_t j = 0;
  if (n >= kWide) {
    V tops = load(scores);
    for (; j + kWide <= n; j += kWide) {
      const V at = load(scores + j);
      tops = at > tops ? at : tops;
    }
    store<float>(lanes, tops);
    for (const float s : lanes) top = s > top ? s : top;
  }
  for (; j < n; ++j) top = scores[j] > top ? scores[j] : top;
  for (std::int64_t i = 0; i < n; ++i) scores[i] = math::exp(scores[i] - top);
  V sums = {};
  std::int64_t i = 0;
  for (; i + kWide <= n; i += kWide) sums += load(scores + i);
  float sum = 0;
  store<float>(lanes, sums);
  for (const float s : lanes) sum += s;
  for (; i < n; ++i) sum += scores[i];
  const float share = 1.0F / sum;
  for (i = 0; i < n; ++i) scores[i] *= share;
}

void sigmoid(float* scores, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) scores[i] = math::sigmoid(scores[i]);
}

void step(float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, const float* steps,
          const float* x, float* gradient) {
  for_each_stripe(width, [&](std::int64_t offset, auto count) {
    constexpr int N = decltype(count)::value;
    V at[N], sum[N];
    WEFT_UNROLL
    for (int r = 0; r < N; ++r) {
      at[r] = load(x + offset + r * kWide);
      sum[r] = load(gradient + offset + r * kWide);
    }
    for (std::int64_t i = 0; i < n; ++i) {
      if (steps[i] == 0) continue;
      float* row = matrix + row_at(rows, i) * width + offset;
      WEFT_UNROLL
      for (int r = 0; r < N; ++r) {
        const V old = load(row + r * kWide);
        sum[r] += old * steps[i];
        store<float>(row + r * kWide, old + at[r] * steps[i]);
      }
    }
    WEFT_UNROLL
    for (int r = 0; r < N; ++r) store<float>(gradient + offset + r * kWide, sum[r]);
  });
}

/// `Wide` registers of all rows, from a column on.
template <int Count, int Wide>
void steps_stripe(float* matrix, std::int64_t width, std::int64_t n, const float* const* steps,
                  const float* const* x, float* const* gradients, std::int64_t column) {
  V sum[Count][Wide];
  WEFT_UNROLL
  for (int b = 0; b < Count; ++b) {
    WEFT_UNROLL
    for (int r = 0; r < Wide; ++r) sum[b][r] = load(gradients[b] + column + r * kWide);
  }
  for (std::int64_t i = 0; i < n; ++i) {
    float* const row = matrix + i * width + column;
    V old[Wide], now[Wide];
    WEFT_UNROLL
    for (int r = 0; r < Wide; ++r) old[r] = now[r] = load(row + r * kWide);
    WEFT_UNROLL
    for (int b = 0; b < Count; ++b) {
      const V step = splat(steps[b][i]);
      WEFT_UNROLL
      for (int r = 0; r < Wide; ++r) {
        sum[b][r] += step * old[r];
        now[r] += step * load(x[b] + column + r * kWide);
      }
    }
    WEFT_UNROLL
    for (int r = 0; r < Wide; ++r) store<float>(row + r * kWide, now[r]);
  }
  WEFT_UNROLL
  for (int b = 0; b < Count; ++b) {
    WEFT_UNROLL
    for (int r = 0; r < Wide; ++r) store<float>(gradients[b] + column + r * kWide, sum[b][r]);
  }
}

template <int Count>
void steps_of(float* matrix, std::int64_t width, std::int64_t n, const float* const* steps,
              const float* const* x, float* const* gradients) {
  std::int64_t column = 0;
  for (; column + 2 * kWide <= width; column += 2 * kWide)
    steps_stripe<Count, 2>(matrix, width, n, steps, x, gradients, column);
  if (column < width) steps_stripe<Count, 1>(matrix, width, n, steps, x, gradients, column);
}

void steps(float* matrix, std::int64_t width, std::int64_t n, std::int64_t count, const float* const* steps,
           const float* const* x, float* const* gradients) {
  static_assert(ClassifierKernels::kMostSteps == 4);
  if (count == 1) return steps_of<1>(matrix, width, n, steps, x, gradients);
  if (count == 2) return steps_of<2>(matrix, width, n, steps, x, gradients);
  if (count == 3) return steps_of<3>(matrix, width, n, steps, x, gradients);
  steps_of<4>(matrix, width, n, steps, x, gradients);
}

void add(float* matrix, std::int64_t width, const std::int32_t* rows, std::int64_t n, const float* x,
         float scale) {
  for_each_stripe(width, [&](std::int64_t offset, auto count) {
    constexpr int N = decltype(count)::value;
    V by[N];
    WEFT_UNROLL
    for (int r = 0; r < N; ++r) by[r] = load(x + offset + r * kWide) * scale;
    for (std::int64_t i = 0; i < n; ++i) {
      float* row = matrix + row_at(rows, i) * width + offset;
      WEFT_UNROLL
      for (int r = 0; r < N; ++r) store<float>(row + r * kWide, load(row + r * kWide) + by[r]);
    }
  });
}

void nearest(const float* points, std::int64_t n, std::int64_t d, const float* centroids,
             std::uint8_t* codes) {
  constexpr int kCentroids = 256;
  // The square of the distance but for that of the point itself, which is the same for all: |c|^2 - 2 <p, c>.
  // Points side by side in the lanes, so that no lane is ever compared with another.
  float squares[kCentroids];
  for (int c = 0; c < kCentroids; ++c) {
    squares[c] = 0;
    for (std::int64_t k = 0; k < d; ++k) squares[c] += centroids[c * d + k] * centroids[c * d + k];
  }
  constexpr int kGroup = 32;  // points
  constexpr std::int64_t kLongest = 64;
  float twice[kLongest][kGroup];
  for (std::int64_t i = 0; i < n; i += kGroup) {
    const std::int64_t m = std::min<std::int64_t>(kGroup, n - i);
    float best[kGroup];
    std::int32_t code[kGroup];
    for (int p = 0; p < kGroup; ++p) {
      best[p] = std::numeric_limits<float>::infinity();
      code[p] = 0;
      const float* point = points + (i + std::min<std::int64_t>(p, m - 1)) * d;
      for (std::int64_t k = 0; k < std::min(d, kLongest); ++k) twice[k][p] = 2 * point[k];
    }
    for (std::int32_t c = 0; c < kCentroids; ++c) {
      float distance[kGroup];
      for (float& x : distance) x = squares[c];
      for (std::int64_t k = 0; k < std::min(d, kLongest); ++k) {
        const float x = centroids[c * d + k];
        for (int p = 0; p < kGroup; ++p) distance[p] -= twice[k][p] * x;
      }
      for (std::int64_t k = kLongest; k < d; ++k) {
        const float x = 2 * centroids[c * d + k];
        for (int p = 0; p < kGroup; ++p)
          distance[p] -= points[(i + std::min<std::int64_t>(p, m - 1)) * d + k] * x;
      }
      for (int p = 0; p < kGroup; ++p) {
        const bool nearer = distance[p] < best[p];
        best[p] = nearer ? distance[p] : best[p];
        code[p] = nearer ? c : code[p];
      }
    }
    for (int p = 0; p < m; ++p) codes[i + p] = static_cast<std::uint8_t>(code[p]);
  }
}

}  // namespace

const ClassifierKernels& classifier_kernels() {
  static constexpr ClassifierKernels all{mean, scores, softmax, sigmoid, step, steps, add, nearest};
  return all;
}

}  // namespace weft::WEFT_ISA
