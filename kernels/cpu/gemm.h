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

/// A length cut into as few pieces of at most `most` as possible, as equal as possible: the first `longer`
/// ones have `size`, the others one less.
struct Pieces {
  std::int64_t length, count, size, longer;
  Pieces(std::int64_t n, std::int64_t most)
      : length(n),
        count(std::max<std::int64_t>(1, (n + most - 1) / most)),
        size((n + count - 1) / count),
        longer(n - count * (size - 1)) {}
  std::int64_t begin(std::int64_t i) const { return i * size - std::max<std::int64_t>(0, i - longer); }
  std::int64_t size_of(std::int64_t i) const { return size - (i >= longer); }
};

/// How a product is cut. A micro tile of C, kRows x kVectors registers at most, stays in registers over a
/// block of k. Meanwhile the block's panel of B, as wide as the micro tile, lies in the first-level cache,
/// and the rows of A, in strips as high as the micro tile, in the second. Source: Goto and van de Geijn,
/// Anatomy of high-performance matrix multiplication (ACM TOMS 2008).
///
/// An element of C is a sum over the blocks of k, each of them summed in order: how depends on k alone, not
/// on tiles, orders in memory or what has been packed before.
template <class T>
struct Gemm {
#if defined(__AVX512F__)
  static constexpr int kRows = 14, kVectors = 2;
#elif defined(__AVX__)
  static constexpr int kRows = 6, kVectors = 2;
#else
  static constexpr int kRows = 4, kVectors = 2;
#endif
  static constexpr std::int64_t kWide = kLanes<T>;
  static constexpr std::int64_t kColumns = kVectors * kWide;
  static constexpr std::int64_t kDepth = 272;            // of a block of k, at most
  static constexpr std::int64_t kTileRows = 16 * kRows;  // of C, at most, in one call of `tile`

  /// The blocks of k.
  static Pieces blocks(std::int64_t k) {
    return {k, kDepth};
  }
  /// The strips of m rows.
  static Pieces strips(std::int64_t m) {
    return {m, kRows};
  }

  /// A as the product takes it: with dense rows or columns somewhere in memory, or packed: strip after strip,
  /// each with its columns one after the other and a register's width behind it that holds nothing.
  struct Left {
    Matrix<const T> a;
    bool packed;
  };
  /// Elements that m x k of A take when packed.
  static std::int64_t packed_left(std::int64_t m, std::int64_t k) {
    return m * k + strips(m).count * kWide;
  }
  /// Packs strips [from, to) of a block of A.
  static void pack_left(const Pieces& strip, std::int64_t from, std::int64_t to, std::int64_t k,
                        Matrix<const T> a, T* packed) {
    for (std::int64_t s = from; s < to; ++s) {
      const std::int64_t i = strip.begin(s);
      pack_strip(strip.size_of(s), strip.length - i, k, a.block(i, 0), packed + i * k + s * kWide);
    }
  }

  /// Places that lie `stride` apart within runs of `length`, each of which begins somewhere.
  struct Runs {
    const std::int64_t* begin;
    std::int64_t length, stride;
    std::int64_t at(std::int64_t i) const { return begin[i / length] + i % length * stride; }
    std::int64_t left(std::int64_t i) const { return length - i % length; }
  };
  /// A whose rows or columns don't lie evenly, as the windows of an image; in elements from `data`.
  struct Gathered {
    const T* data;
    Runs rows, columns;
  };
  /// As pack_left: columns [first, first + k) of rows [row, row + strip.length).
  static void pack_gathered(const Pieces& strip, std::int64_t from, std::int64_t to, std::int64_t row,
                            std::int64_t first, std::int64_t k, const Gathered& a, T* packed) {
    for (std::int64_t s = from; s < to; ++s) {
      const std::int64_t i = row + strip.begin(s), h = strip.size_of(s);
      T* at = packed + strip.begin(s) * k + s * kWide;
      for (std::int64_t p = first; p < first + k;) {
        const std::int64_t n = std::min(first + k - p, a.columns.left(p));
        pack_run(i, h, n, a, a.columns.at(p), at);
        at += n * h;
        p += n;
      }
    }
  }

  /// B as the product takes it: anywhere in memory, or packed: in panels of kColumns columns (the last may be
  /// narrower, but is a whole number of registers wide), each with its rows one after the other.
  struct Right {
    Matrix<const T> b;
    bool packed;
    Matrix<const T> panel(std::int64_t j, std::int64_t k, std::int64_t width) const {
      return packed ? Matrix<const T>{b.data + j * k, width, 1} : b.block(0, j);
    }
  };
  /// Elements that k x n of B take when packed.
  static std::int64_t packed_right(std::int64_t n, std::int64_t k) {
    return padded(n) * k;
  }
  /// Packs columns [from, to) of a block of B; `from` begins a panel.
  static void pack_right(std::int64_t from, std::int64_t to, std::int64_t k, Matrix<const T> b, T* packed) {
    for (std::int64_t j = from; j < to; j += kColumns)
      pack_panel(k, std::min(kColumns, to - j), b.block(0, j), packed + j * k);
  }

  /// Whether A can be read where it is: dense one way, and not in its own way in the first-level cache the
  /// other.
  static bool is_direct(const Matrix<const T>& a) {
    return (a.column == 1 && a.row * static_cast<std::int64_t>(sizeof(T)) % 4096 != 0) ||
           (a.row == 1 && a.column * static_cast<std::int64_t>(sizeof(T)) % 4096 != 0);
  }

  /// C = A B for m <= kTileRows, whatever the strides. One thread's work, on its stack.
  static void tile(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<const T> a, Matrix<const T> b,
                   Matrix<T> c) {
    const Pieces strip = strips(m), block = blocks(k);
    const bool direct = is_direct(a) && (m <= kRows || n <= 256);
    alignas(64) T packed[kTileRows * kDepth + kTileRows / kRows * kWide];
    for (std::int64_t x = 0; x < block.count; ++x) {
      const std::int64_t first = block.begin(x), d = block.size_of(x);
      const Matrix<const T> rows = a.block(0, first);
      if (!direct) pack_left(strip, 0, strip.count, d, rows, packed);
      multiply(strip, 0, strip.count, 0, n, d, direct ? Left{rows, false} : Left{{packed, 0, 0}, true},
               {b.block(first, 0), false}, c, x > 0);
    }
  }

  /// A matrix that is wanted next, lines of `columns` elements: fetched bit by bit while others are
  /// multiplied.
  struct Next {
    Matrix<const T> lines{};
    std::int64_t rows = 0, columns = 0;
    Next() = default;
    Next(std::int64_t m, std::int64_t k, Matrix<const T> a) {
      if (a.column == 1)
        *this = {a, m, k};
      else if (a.row == 1)
        *this = {a.transposed(), k, m};
    }

   private:
    Next(Matrix<const T> a, std::int64_t r, std::int64_t c) : lines(a), rows(r), columns(c) {}
  };

  /// C = A B, or C += A B, for strips [first, last) and columns [from, to) of a block of k <= kDepth; `from`
  /// begins a panel.
  static void multiply(const Pieces& strip, std::int64_t first, std::int64_t last, std::int64_t from,
                       std::int64_t to, std::int64_t k, const Left& a, const Right& b, Matrix<T> c, bool add,
                       const Next& next = {}) {
    // the next matrix is fetched in stretches as long as a step's lines over a block, some with each strip
    constexpr std::int64_t kStretch = kDepth / kStep * kStep;
    const std::int64_t stretches = (next.columns + kStretch - 1) / kStretch, all = next.rows * stretches;
    const std::int64_t calls = (last - first) * ((to - from + kColumns - 1) / kColumns);
    const std::int64_t each = (all + calls - 1) / calls;
    std::int64_t stretch = 0;
    alignas(64) T kept[kDepth * kColumns];
    for (std::int64_t j = from; j < to; j += kColumns) {
      const std::int64_t w = std::min(kColumns, to - j), width = padded(w);
      Matrix<const T> panel = b.panel(j, k, width);
      bool unpacked = !b.packed;
      if (unpacked && (panel.column != 1 || w != width)) {
        pack_panel(k, w, panel, kept);
        panel = {kept, width, 1};
        unpacked = false;
      }
      const bool more = j + kColumns < to;
      const Ahead ahead(more ? b.panel(j + kColumns, k, kColumns) : panel, more ? last - first : 0);
      for (std::int64_t s = first; s < last; ++s) {
        const std::int64_t i = strip.begin(s), h = strip.size_of(s);
        const bool keep = unpacked && s == first && last - first > 1;
        const std::int64_t fetched = std::min(each, all - stretch);
        const T* later =
            fetched > 0 ? next.lines.at(stretch / stretches, stretch % stretches * kStretch) : nullptr;
        stretch += fetched;
        const T* rows = a.packed ? a.a.data + i * k + s * kWide : a.a.at(i, 0);
        kMicro[keep][!a.packed && a.a.column == 1][h - 1][width / kWide - 1](
            {k, rows, a.a.row, a.packed ? h : a.a.column, panel.data, panel.row, c.block(i, j), w, add,
             ahead.part(s - first, k), kept, later, fetched, next.lines.row});
        if (keep) {
          panel = {kept, width, 1};
          unpacked = false;
        }
      }
    }
  }

 private:
  using V = Vector<T>;
  static constexpr std::int64_t kStep = 16;  // of k, after which the micro kernel looks ahead
  static constexpr std::int64_t kLine = 64 / sizeof(T);

  static constexpr std::int64_t padded(std::int64_t n) {
    return (n + kWide - 1) / kWide * kWide;
  }

  /// What is fetched while a panel is multiplied: the next panel, a part with each strip; not all at once, or
  /// what is needed now would have to wait.
  struct Ahead {
    const T* from;
    std::int64_t pairs, inner, outer, second;  // so many pairs of lines after each step of k
    bool turned;
    Ahead(Matrix<const T> next, std::int64_t strips) : from(next.data) {
      pairs = strips == 0 ? 0 : std::max<std::int64_t>(2, (kStep + strips - 1) / strips);
      turned = next.row == 1 && next.column != 1;
      second = turned ? next.column : kLine;
      inner = turned ? 2 * next.column : next.row;
      outer = turned ? kStep : pairs * next.row;
    }
    Ahead part(std::int64_t strip, std::int64_t k) const {
      Ahead x = *this;
      if (strip * pairs >= kStep) x.pairs = 0;
      x.from += strip * pairs * inner * (turned ? 1 : (k + kStep - 1) / kStep);
      return x;
    }
  };

  struct MicroCall {
    std::int64_t k;
    const T* a;
    std::int64_t a_row, a_step;
    const T* b;
    std::int64_t b_row;
    Matrix<T> c;
    std::int64_t w;
    bool add;
    Ahead ahead;
    T* kept;
    const T* later;
    std::int64_t laters, later_row;
  };
  using Micro = void (*)(const MicroCall&);

  /// `Rows` x `w` elements of C, w <= Vectors * kWide; b has that many columns or zeros. Direct: A's rows are
  /// read where they are. Keep: the panel of B is packed on the way.
  template <bool Keep, bool Direct, int Rows, int Vectors>
  static void micro(const MicroCall& call) {
    constexpr int kGroup = 3,
                  kGroups = (Rows + kGroup - 1) / kGroup;  // of rows: as far as an address reaches
    V sum[Rows][Vectors] = {};
    const T* a = call.a;
    const T* group[kGroups];
    const std::int64_t a_row = call.a_row, a_step = call.a_step;
    if constexpr (Direct)
      for (int g = 0; g < kGroups; ++g) group[g] = a + g * kGroup * a_row;
    const T* b = call.b;
    const std::int64_t b_row = call.b_row;
    T* kept = call.kept;
    const T* soon = call.c.data;
    std::int64_t rest = call.c.column == 1 ? Rows : 0;
    for (; rest > call.k / kStep * 2; --rest, soon += call.c.row)
      for (int j = 0; j < Vectors; ++j) __builtin_prefetch(soon + j * kWide, 1);
    const T* ahead = call.ahead.from;
    const T* later = call.later;
    for (std::int64_t left = call.k; left > 0; left -= kStep) {
      for (std::int64_t q = std::min<std::int64_t>(left, kStep); q > 0; --q) {
        V bv[Vectors];
        WEFT_UNROLL
        for (int j = 0; j < Vectors; ++j) bv[j] = load(b + j * kWide);
        if constexpr (Keep) {
          __builtin_prefetch(b + 12 * b_row);
          __builtin_prefetch(b + 12 * b_row + kLine);
          WEFT_UNROLL
          for (int j = 0; j < Vectors; ++j) store<T>(kept + j * kWide, bv[j]);
          kept += Vectors * kWide;
        }
        WEFT_UNROLL
        for (int i = 0; i < Rows; ++i) {
          const V av = splat(Direct ? group[i / kGroup][i % kGroup * a_row] : a[i]);
          WEFT_UNROLL
          for (int j = 0; j < Vectors; ++j) sum[i][j] += av * bv[j];
        }
        if constexpr (Direct) {
          WEFT_UNROLL
          for (int g = 0; g < kGroups; ++g) ++group[g];
        } else {
          a += a_step;
        }
        b += b_row;
      }
      const T* line = ahead;
      for (std::int64_t q = call.ahead.pairs; q > 0; --q, line += call.ahead.inner) {
        __builtin_prefetch(line, 0, 2);
        __builtin_prefetch(line + call.ahead.second, 0, 2);
      }
      ahead += call.ahead.outer;
      line = later;
      for (std::int64_t q = call.laters; q > 0; --q, line += call.later_row)
        for (std::int64_t l = 0; l < kStep; l += kLine) __builtin_prefetch(line + l, 0, 2);
      later += kStep;
      for (int i = 0; i < 2; ++i)
        if (rest > 0) {
          for (int j = 0; j < Vectors; ++j) __builtin_prefetch(soon + j * kWide, 1);
          --rest;
          soon += call.c.row;
        }
    }
    const Matrix<T> c = call.c;
    const bool add = call.add;
    if (c.column == 1 && call.w == Vectors * kWide) {
      T* to = c.data;
      WEFT_UNROLL
      for (int i = 0; i < Rows; ++i, to += c.row) WEFT_UNROLL
      for (int j = 0; j < Vectors; ++j)
        store<T>(to + j * kWide, add ? load(to + j * kWide) + sum[i][j] : sum[i][j]);
      return;
    }
    alignas(64) T spilled[Rows][Vectors * kWide];
    WEFT_UNROLL
    for (int i = 0; i < Rows; ++i) WEFT_UNROLL
    for (int j = 0; j < Vectors; ++j) store<T>(spilled[i] + j * kWide, sum[i][j]);
    put(Rows, call.w, &spilled[0][0], Vectors * kWide, c, add);
  }

  /// Stores rows of w values in an order in memory that isn't the registers'.
  static void put(std::int64_t rows, std::int64_t w, const T* from, std::int64_t row, Matrix<T> c, bool add) {
    if (c.column == 1) {
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < w; j += kWide) {
          const std::int64_t n = std::min(kWide, w - j);
          const V v = load(from + i * row + j);
          store_some(c.at(i, j), add ? load_some<T>(c.at(i, j), n) + v : v, n);
        }
      return;
    }
    if (c.row == 1) {
      for (std::int64_t j = 0; j < w; j += kWide)
        for (std::int64_t i = 0; i < rows; i += kWide) {
          const std::int64_t n = std::min(kWide, rows - i);
          V square[kWide];
          for (std::int64_t r = 0; r < kWide; ++r)
            square[r] = load(from + (i + std::min(r, n - 1)) * row + j);
          transpose_square<T>(square);
          const std::int64_t count = std::min(kWide, w - j);
          WEFT_UNROLL
          for (int l = 0; l < kWide; ++l) {
            if (l >= count) continue;
            T* to = c.at(i, j + l);
            store_some(to, add ? load_some<T>(to, n) + square[l] : square[l], n);
          }
        }
      return;
    }
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < w; ++j)
        *c.at(i, j) = add ? *c.at(i, j) + from[i * row + j] : from[i * row + j];
  }

  template <bool Keep, bool Direct, int Rows, std::size_t... Vectors>
  static constexpr std::array<Micro, kVectors> micro_row(std::index_sequence<Vectors...>) {
    return {&micro<Keep, Direct, Rows, static_cast<int>(Vectors) + 1>...};
  }
  using Table = std::array<std::array<Micro, kVectors>, kRows>;
  template <bool Keep, bool Direct, std::size_t... Rows>
  static constexpr Table micro_table(std::index_sequence<Rows...>) {
    return {micro_row<Keep, Direct, static_cast<int>(Rows) + 1>(std::make_index_sequence<kVectors>())...};
  }
  static constexpr auto kAllRows = std::make_index_sequence<kRows>();
  static constexpr Table kMicro[2][2] = {
      {micro_table<false, false>(kAllRows), micro_table<false, true>(kAllRows)},
      {micro_table<true, false>(kAllRows), micro_table<true, true>(kAllRows)}};

  /// h rows of the `below` that are there.
  static void pack_strip(std::int64_t h, std::int64_t below, std::int64_t k, Matrix<const T> a, T* to) {
    if (a.column == 1) {
      const T* row[kRows];
      for (std::int64_t r = 0; r < h; ++r) row[r] = a.at(r, 0);
      pack_dense(h, k, row, to);
      return;
    }
    if (a.row == 1) {
      pack_columns(h, below, k, a.data, a.column, to);
      return;
    }
    for (std::int64_t p = 0; p < k; ++p, to += h)
      for (std::int64_t r = 0; r < h; ++r) to[r] = *a.at(r, p);
  }

  /// k columns that lie evenly, of h rows from row i on.
  static void pack_run(std::int64_t i, std::int64_t h, std::int64_t k, const Gathered& a, std::int64_t column,
                       T* to) {
    const T* const data = a.data + column;
    const bool dense = a.columns.stride == 1, even = a.rows.left(i) >= h;
    if (even && a.rows.stride == 1 && (!dense || k < kWide)) {
      pack_columns(h, a.rows.left(i), k, data + a.rows.at(i), a.columns.stride, to);
      return;
    }
    if (even && !dense) {
      pack_strip(h, a.rows.left(i), k, {data + a.rows.at(i), a.rows.stride, a.columns.stride}, to);
      return;
    }
    const T* row[kRows];
    for (std::int64_t r = 0; r < h; ++r) row[r] = data + a.rows.at(i + r);
    if (dense) {
      pack_dense(h, k, row, to);
      return;
    }
    for (std::int64_t p = 0; p < k; ++p, to += h)
      for (std::int64_t r = 0; r < h; ++r) to[r] = row[r][p * a.columns.stride];
  }

  /// k columns of h elements side by side, after which so many below lie as well.
  static void pack_columns(std::int64_t h, std::int64_t below, std::int64_t k, const T* a,
                           std::int64_t column, T* to) {
    std::int64_t p = 0;
    if (below >= padded(h))
      for (; p < k; ++p, to += h) {
        __builtin_prefetch(a + (p + 12) * column);
        for (std::int64_t i = 0; i < h; i += kWide) store<T>(to + i, load(a + p * column + i));
      }
    for (; p < k; ++p, to += h)
      for (std::int64_t r = 0; r < h; ++r) to[r] = a[p * column + r];
  }

  /// h rows each of which lies dense. A register of each row at a time, the last rows first: what is stored
  /// beside them belongs to the first rows of the next column, and in the end to nobody.
  static void pack_dense(std::int64_t h, std::int64_t k, const T* const* row, T* to) {
    for (std::int64_t i = (h - 1) / kWide * kWide; i >= 0; i -= kWide) {
      const T* line[kWide];
      for (int r = 0; r < kWide; ++r) line[r] = row[std::min<std::int64_t>(i + r, h - 1)];
      turn(k, line, to + i, h);
    }
  }

  /// k rows of w values, filled up with zeros to whole registers.
  static void pack_panel(std::int64_t k, std::int64_t w, Matrix<const T> b, T* to) {
    const std::int64_t width = padded(w);
    if (b.row == 1 && b.column != 1) {
      for (std::int64_t j = 0; j < width; j += kWide)
        pack_transposed(k, std::min(kWide, w - j), b.block(0, j), to + j, width);
      return;
    }
    for (std::int64_t p = 0; p < k; ++p, to += width) {
      const T* from = b.at(p, 0);
      if (b.column == 1) {
        for (std::int64_t j = 0; j < width; j += kWide)
          store<T>(to + j, w - j >= kWide ? load(from + j) : load_some<T>(from + j, w - j));
      } else {
        for (std::int64_t j = 0; j < width; ++j) to[j] = j < w ? from[j * b.column] : T(0);
      }
    }
  }

  /// At most a register's width of columns, each of which lies dense in memory, turned into rows `width`
  /// apart.
  static void pack_transposed(std::int64_t k, std::int64_t w, Matrix<const T> b, T* to, std::int64_t width) {
    const T* column[kWide];
    for (int j = 0; j < kWide; ++j) column[j] = b.at(0, std::min<std::int64_t>(j, w - 1));
    turn(k, column, to, width);
  }

  /// k elements of each of a register's width of lines become k registers, `row` elements apart.
  static void turn(std::int64_t k, const T* const (&line)[kWide], T* to, std::int64_t row) {
    for (std::int64_t next = 0; next < k; next += kWide) {
      const std::int64_t p = std::max<std::int64_t>(0, std::min(next, k - kWide));
      V square[kWide];
      if (k >= kWide) {
        WEFT_UNROLL
        for (int r = 0; r < kWide; ++r) {
          square[r] = load(line[r] + p);
          __builtin_prefetch(line[r] + p + 4 * kLine);
        }
      } else {
        for (int r = 0; r < kWide; ++r) square[r] = load_some<T>(line[r], k);
      }
      transpose_square<T>(square);
      T* put = to + p * row;
      const std::int64_t count = std::min<std::int64_t>(k, kWide);
      if (count == kWide) {
        WEFT_UNROLL
        for (int r = 0; r < kWide; ++r) store<T>(put + r * row, square[r]);
      } else {
        for (int r = 0; r < count; ++r) store<T>(put + r * row, square[r]);
      }
    }
  }
};

// The code is in gemm.cpp, once.
extern template struct Gemm<float>;
extern template struct Gemm<double>;

}  // namespace weft::WEFT_ISA
