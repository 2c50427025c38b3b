#pragma once

#include <algorithm>

#include "kernels/cpu/gemm.h"

namespace weft::WEFT_ISA {

/// One row of C: c[n] = sum_k a[k] b[k, n]. Bound by reading b, which therefore is read in the order in which
/// it lies.
template <class T>
struct Gemv {
  static constexpr std::int64_t kWide = kLanes<T>;

  /// Whether b lies in one of the two orders, and c has no gaps.
  static bool fits(std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
    if (k == 0 || (c.column != 1 && n > 1)) return false;
    return b.column == 1 || n == 1 || (b.row == 1 && a.column == 1);
  }

  static void multiply(std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c) {
    if (b.row == 1 && a.column == 1 && !(b.column == 1 && n > 1))
      by_columns(n, k, a.data, b, c.data);
    else
      by_rows(n, k, a, b, c.data);
  }

  /// Columns [from, to) of c, where b is packed as Gemm's B and `from` begins a panel; the same bits as where
  /// b's rows are dense. `back`: from the last panel to the first. b may be larger than a cache: when it is
  /// read again and again, every second time the other way, what was read last is still there.
  static void multiply_packed(std::int64_t from, std::int64_t to, std::int64_t n, std::int64_t k,
                              Matrix<const T> a, const T* b, T* c, bool back) {
    constexpr std::int64_t kPanel = Gemm<T>::kColumns;
    const std::int64_t panels = (to - from + kPanel - 1) / kPanel;
    for (std::int64_t i = 0; i < panels; ++i) {
      const std::int64_t j = from + (back ? panels - 1 - i : i) * kPanel;
      if (to - j > kWide)
        panel<2>(j, n, k, a, b, c + j, std::min(to - j, kPanel));
      else
        panel<1>(j, n, k, a, b, c + j, to - j);
    }
  }

 private:
  using V = Vector<T>;

  /// The panel of `width` columns from j on, N registers.
  template <int N>
  static void panel(std::int64_t j, std::int64_t n, std::int64_t k, Matrix<const T> a, const T* b, T* c,
                    std::int64_t width) {
    static_assert(Gemm<T>::kVectors == 2);
    const Pieces blocks = Gemm<T>::blocks(k);
    V sum[N] = {};
    std::int64_t p = 0;
    // Row q of the panel; q is in block x or the one after.
    const auto row = [&](std::int64_t x, std::int64_t q) {
      if (x + 1 < blocks.count && q >= blocks.begin(x + 1)) ++x;
      const std::int64_t begin = blocks.begin(x);
      return b + Gemm<T>::packed_right(n, begin) + j * blocks.size_of(x) + (q - begin) * N * kWide;
    };
    const auto four = [&](const T* b0, const T* b1, const T* b2, const T* b3) {
      const T a0 = *a.at(0, p), a1 = *a.at(0, p + 1), a2 = *a.at(0, p + 2), a3 = *a.at(0, p + 3);
      WEFT_UNROLL
      for (int i = 0; i < N; ++i) {
        sum[i] += (a0 * load(b0 + i * kWide) + a1 * load(b1 + i * kWide)) +
                  (a2 * load(b2 + i * kWide) + a3 * load(b3 + i * kWide));
      }
      p += 4;
    };
    for (std::int64_t x = 0; x < blocks.count; ++x) {
      const std::int64_t end = blocks.begin(x) + blocks.size_of(x);
      for (const T* at = row(x, p); p + 4 <= end; at += 4 * N * kWide)
        four(at, at + N * kWide, at + 2 * N * kWide, at + 3 * N * kWide);
      if (p < end && p + 4 <= k) four(row(x, p), row(x, p + 1), row(x, p + 2), row(x, p + 3));
    }
    for (; p < k; ++p) {
      const T a0 = *a.at(0, p);
      const T* last = row(std::max<std::int64_t>(0, blocks.count - 2), p);
      for (int i = 0; i < N; ++i) sum[i] += a0 * load(last + i * kWide);
    }
    for (int i = 0; i < N; ++i) {
      const std::int64_t some = width - i * kWide;
      if (some >= kWide)
        store(c + i * kWide, sum[i]);
      else
        store_some(c + i * kWide, sum[i], some);
    }
  }

  /// b's rows are dense: a strip of c stays in the first-level cache, four rows of b are added at a time.
  static void by_rows(std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b, T* c) {
    constexpr std::int64_t kStrip = 2048;
    for (std::int64_t j = 0; j < n; j += kStrip) {
      const std::int64_t w = std::min(kStrip, n - j);
      T* to = c + j;
      for (std::int64_t i = 0; i < w; ++i) to[i] = 0;
      std::int64_t p = 0;
      for (; p + 4 <= k; p += 4) {
        const T a0 = *a.at(0, p), a1 = *a.at(0, p + 1), a2 = *a.at(0, p + 2), a3 = *a.at(0, p + 3);
        const T *b0 = b.at(p, j), *b1 = b0 + b.row, *b2 = b1 + b.row, *b3 = b2 + b.row;
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < w; ++i) to[i] += (a0 * b0[i] + a1 * b1[i]) + (a2 * b2[i] + a3 * b3[i]);
      }
      for (; p < k; ++p) {
        const T a0 = *a.at(0, p);
        const T* b0 = b.at(p, j);
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < w; ++i) to[i] += a0 * b0[i];
      }
    }
  }

  /// b's columns are dense: inner products, four at a time.
  static void by_columns(std::int64_t n, std::int64_t k, const T* a, Matrix<const T> b, T* c) {
    std::int64_t j = 0;
    for (; j + 4 <= n; j += 4) inner_products<4>(k, a, b.block(0, j), c + j);
    for (; j < n; ++j) inner_products<1>(k, a, b.block(0, j), c + j);
  }

  template <int N>
  static void inner_products(std::int64_t k, const T* a, Matrix<const T> b, T* c) {
    V sum[N][2] = {};
    const T* column[N];
    for (int j = 0; j < N; ++j) column[j] = b.at(0, j);
    std::int64_t p = 0;
    for (; p + 2 * kWide <= k; p += 2 * kWide) {
      const V a0 = load(a + p), a1 = load(a + p + kWide);
      for (int j = 0; j < N; ++j) {
        sum[j][0] += a0 * load(column[j] + p);
        sum[j][1] += a1 * load(column[j] + p + kWide);
      }
    }
    for (int j = 0; j < N; ++j) {
      T lanes[kWide];
      store<T>(lanes, sum[j][0] + sum[j][1]);
      T rest = 0;
      for (std::int64_t q = p; q < k; ++q) rest += a[q] * column[j][q];
      for (std::int64_t width = kWide / 2; width > 0; width /= 2)
        for (std::int64_t l = 0; l < width; ++l) lanes[l] += lanes[l + width];
      c[j] = lanes[0] + rest;
    }
  }
};

}  // namespace weft::WEFT_ISA
