#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "kernels/cpu/vector.h"

namespace weft::WEFT_ISA {

/// A matrix somewhere in memory; strides in elements, of any size and sign, 0 too.
template <class T>
struct Matrix {
  T* data;
  std::int64_t row, column;
  T* at(std::int64_t r, std::int64_t c) const { return data + r * row + c * column; }
  Matrix block(std::int64_t r, std::int64_t c) const { return {at(r, c), row, column}; }
  Matrix transposed() const { return {data, column, row}; }
};

/// How the product is cut. A micro tile of kRows x kVectors registers of C is kept in registers over a block
/// of k; a panel of B as wide as the micro tile lies in the first-level cache meanwhile. Source: Goto and van
/// de Geijn, Anatomy of high-performance matrix multiplication (ACM TOMS 2008).
template <class T>
struct Gemm {
#if defined(__AVX512F__)
  static constexpr int kRows = 8, kVectors = 2;
#elif defined(__AVX__)
  static constexpr int kRows = 4, kVectors = 3;
#else
  static constexpr int kRows = 4, kVectors = 2;
#endif
  static constexpr std::int64_t kWide = kLanes<T>;
  static constexpr std::int64_t kColumns = kVectors * kWide;
  static constexpr std::int64_t kDepth = 1024 / sizeof(T);  // of a block of k
  static constexpr std::int64_t kTileRows = 32 * kRows;     // of C, at most, in one call of `tile`

  /// C = A B for a tile of C: m <= kTileRows.
  static void tile(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                   Matrix<T> c) {
    alignas(64) T a_panel[kTileRows * kDepth];
    alignas(64) T b_panel[kDepth * kColumns];
    const std::int64_t blocks = std::max<std::int64_t>(1, (k + kDepth - 1) / kDepth);
    const std::int64_t depth = (k + blocks - 1) / blocks;
    for (std::int64_t block = 0; block < blocks; ++block) {
      const std::int64_t first = block * depth, d = std::min(depth, k - first);
      Matrix<const T> a_block = a.block(0, first);
      const bool pack_a = a.column != 1 && k > 1;
      if (pack_a) pack_rows(m, d, a_block, a_panel);
      // few rows don't repay the copying of B
      const bool pack_b = b.column != 1 || m > 4 * kRows;
      for (std::int64_t j = 0; j < n; j += kColumns) {
        const std::int64_t w = std::min(kColumns, n - j);
        const std::int64_t vectors = (w + kWide - 1) / kWide;
        Matrix<const T> b_block = b.block(first, j);
        if (pack_b || w % kWide != 0) {
          pack_columns(d, w, b_block, b_panel);
          b_block = {b_panel, vectors * kWide, 1};
        }
        for (std::int64_t i = 0; i < m; i += kRows) {
          const std::int64_t h = std::min<std::int64_t>(kRows, m - i);
          const Matrix<const T> rows = pack_a ? Matrix<const T>{a_panel + i * d, 1, h} : a_block.block(i, 0);
          kMicro[h - 1][vectors - 1](d, rows, b_block, c.block(i, j), w, block > 0);
        }
      }
    }
  }

 private:
  using V = Vector<T>;
  using Micro = void (*)(std::int64_t, Matrix<const T>, Matrix<const T>, Matrix<T>, std::int64_t, bool);

  /// `Rows` x `w` elements of C, w <= Vectors * kWide; b has at least that many columns.
  template <int Rows, int Vectors>
  static void micro(std::int64_t k, Matrix<const T> a, Matrix<const T> b, Matrix<T> c, std::int64_t w,
                    bool add) {
    V sum[Rows][Vectors] = {};
    const T* bp = b.data;
    const T* ap = a.data;
    if (c.column == 1)
      for (int i = 0; i < Rows; ++i)
        for (int j = 0; j < Vectors; ++j) __builtin_prefetch(c.data + i * c.row + j * kWide, 1);
    for (std::int64_t p = 0; p < k; ++p) {
      V bv[Vectors];
      WEFT_UNROLL
      for (int j = 0; j < Vectors; ++j) bv[j] = load(bp + j * kWide);
      WEFT_UNROLL
      for (int i = 0; i < Rows; ++i) {
        const V av = splat(ap[i * a.row]);
        WEFT_UNROLL
        for (int j = 0; j < Vectors; ++j) sum[i][j] += av * bv[j];
      }
      ap += a.column;
      bp += b.row;
    }
    if (c.column == 1 && w == Vectors * kWide) {
      WEFT_UNROLL
      for (int i = 0; i < Rows; ++i) WEFT_UNROLL
      for (int j = 0; j < Vectors; ++j) {
        T* to = c.data + i * c.row + j * kWide;
        store<T>(to, add ? load(to) + sum[i][j] : sum[i][j]);
      }
      return;
    }
    alignas(64) T kept[Rows][Vectors * kWide];
    WEFT_UNROLL
    for (int i = 0; i < Rows; ++i) WEFT_UNROLL
    for (int j = 0; j < Vectors; ++j) store<T>(kept[i] + j * kWide, sum[i][j]);
    for (std::int64_t j = 0; j < w; ++j)
      for (int i = 0; i < Rows; ++i) {
        T* to = c.at(i, j);
        *to = add ? *to + kept[i][j] : kept[i][j];
      }
  }

  template <int Rows, std::size_t... Vectors>
  static constexpr std::array<Micro, kVectors> micro_row(std::index_sequence<Vectors...>) {
    return {&micro<Rows, static_cast<int>(Vectors) + 1>...};
  }
  template <std::size_t... Rows>
  static constexpr std::array<std::array<Micro, kVectors>, kRows> micro_table(std::index_sequence<Rows...>) {
    return {micro_row<static_cast<int>(Rows) + 1>(std::make_index_sequence<kVectors>())...};
  }
  static constexpr std::array<std::array<Micro, kVectors>, kRows> kMicro =
      micro_table(std::make_index_sequence<kRows>());

  /// Strips of kRows rows, each with its columns one after the other.
  static void pack_rows(std::int64_t m, std::int64_t k, Matrix<const T> a, T* to) {
    for (std::int64_t i = 0; i < m; i += kRows) {
      const std::int64_t h = std::min<std::int64_t>(kRows, m - i);
      if (h == kRows && a.row == 1) {
        for (std::int64_t p = 0; p < k; ++p, to += kRows) std::memcpy(to, a.at(i, p), kRows * sizeof(T));
      } else {
        for (std::int64_t p = 0; p < k; ++p, to += h)
          for (std::int64_t r = 0; r < h; ++r) to[r] = *a.at(i + r, p);
      }
    }
  }

  /// k rows of w values, filled up with zeros to whole registers.
  static void pack_columns(std::int64_t k, std::int64_t w, Matrix<const T> b, T* to) {
    const std::int64_t width = (w + kWide - 1) / kWide * kWide;
    if (b.row == 1 && b.column != 1) {
      for (std::int64_t j = 0; j < width; j += kWide)
        pack_transposed(k, std::min(kWide, w - j), b.block(0, j), to + j, width);
      return;
    }
    if (b.column == 1 && w == kColumns) {
      for (std::int64_t p = 0; p < k; ++p, to += kColumns)
        for (int j = 0; j < kVectors; ++j) store<T>(to + j * kWide, load(b.at(p, j * kWide)));
      return;
    }
    const std::int64_t whole = b.column == 1 ? w / kWide * kWide : 0;
    for (std::int64_t p = 0; p < k; ++p, to += width) {
      const T* from = b.at(p, 0);
      for (std::int64_t j = 0; j < whole; j += kWide) store<T>(to + j, load(from + j));
      if (whole == width) continue;
      for (std::int64_t j = whole; j < width; j += kWide) store<T>(to + j, V{});
      for (std::int64_t j = whole; j < w; ++j) to[j] = from[j * b.column];
    }
  }

  /// One register's width of columns, each of which lies dense in memory, turned into rows `width` apart.
  static void pack_transposed(std::int64_t k, std::int64_t w, Matrix<const T> b, T* to, std::int64_t width) {
    std::int64_t p = 0;
    if (w == kWide)
      for (; p + kWide <= k; p += kWide) {
        V square[kWide];
        WEFT_UNROLL
        for (int j = 0; j < kWide; ++j) square[j] = load(b.at(p, j));
        transpose_square<T>(square);
        WEFT_UNROLL
        for (int j = 0; j < kWide; ++j) store<T>(to + (p + j) * width, square[j]);
      }
    for (; p < k; ++p)
      for (std::int64_t j = 0; j < kWide; ++j) to[p * width + j] = j < w ? *b.at(p, j) : T(0);
  }
};

}  // namespace weft::WEFT_ISA
