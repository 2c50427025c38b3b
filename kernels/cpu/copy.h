#pragma once

#include <algorithm>
#include <cstring>

#include "kernels/cpu/buffered.h"
#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// Rows of a matrix that lies transposed: in squares, so that both sides stay in cache.
template <class T>
inline void transpose(std::byte* to, std::int64_t to_row, const std::byte* from, std::int64_t from_column,
                      std::int64_t rows, std::int64_t columns) {
  constexpr std::int64_t kSquare = 16;
  for (std::int64_t c = 0; c < columns; c += kSquare) {
    const std::int64_t cn = std::min(kSquare, columns - c);
    for (std::int64_t r = 0; r < rows; r += kSquare) {
      const std::int64_t rn = std::min(kSquare, rows - r);
      T square[kSquare][kSquare];
      for (std::int64_t j = 0; j < cn; ++j) {
        const T* column = reinterpret_cast<const T*>(from + (c + j) * from_column) + r;
        for (std::int64_t i = 0; i < rn; ++i) square[i][j] = column[i];
      }
      for (std::int64_t i = 0; i < rn; ++i)
        std::memcpy(reinterpret_cast<T*>(to + (r + i) * to_row) + c, square[i], cn * sizeof(T));
    }
  }
}

/// to = from, element by element; T is any type of the elements' size. Walks `space`, whose operands are (to, from).
template <class T>
void copy_space(Space<2> space, const Pointers<2>& data, const Workers& workers) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  order_by_first(space);
  const int last = space.rank - 1;
  int across = -1;  // the dim along which `from` is dense, where that isn't the last
  if (space.strides[last][0] == kSize && space.strides[last][1] != kSize && space.strides[last][1] != 0)
    for (int d = 0; d < last; ++d)
      if (space.strides[d][1] == kSize) across = d;
  if (across >= 0 && space.size > 0 && space.extents[across] >= 4 && space.extents[last] >= 4) {
    const std::int64_t rows = space.extents[across], columns = space.extents[last];
    const std::int64_t to_row = space.strides[across][0], from_column = space.strides[last][1];
    // each matrix is cut into strips of rows, whose number depends on the shape alone
    const std::int64_t strip = std::max<std::int64_t>(16, kGrain / columns / 16 * 16);
    const std::int64_t strips = (rows + strip - 1) / strip;
    Space<2> matrices;
    for (int d = 0; d < last; ++d)
      if (d != across) append(matrices, space.extents[d], space.strides[d]);
    close(matrices);
    workers.for_each_range(matrices.size * strips, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        walk(matrices, data, i / strips, i / strips + 1, [&](const Pointers<2>& p, std::int64_t) {
          const std::int64_t row = i % strips * strip;
          transpose<T>(p[0] + row * to_row, to_row, p[1] + row * kSize, from_column, std::min(strip, rows - row),
                       columns);
        });
    });
    return;
  }
  workers.for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, data, begin, end, [&](const Pointers<2>& p, std::int64_t n) {
      const auto [to, from] = space.inner_strides();
      if (to == kSize && from == kSize) {
        std::memmove(p[0], p[1], n * sizeof(T));
      } else if (to == kSize) {
        load_strided(reinterpret_cast<T*>(p[0]), p[1], from, n);
      } else {
        for (std::int64_t i = 0; i < n; ++i) std::memcpy(p[0] + i * to, p[1] + i * from, sizeof(T));
      }
    });
  });
}

/// The same for two views of the same extents.
template <class T>
void copy_view(const View& to, const View& from, const Workers& workers) {
  copy_space<T>(space_of<2>({&to, &from}), {to.data, from.data}, workers);
}

/// By element size, for where the dtype isn't known in advance.
inline void copy_view(const View& to, const View& from, const Workers& workers) {
  switch (size_of(to.dtype)) {
    case 1: return copy_view<std::uint8_t>(to, from, workers);
    case 4: return copy_view<std::uint32_t>(to, from, workers);
    default: return copy_view<std::uint64_t>(to, from, workers);
  }
}

}  // namespace weft::WEFT_ISA
