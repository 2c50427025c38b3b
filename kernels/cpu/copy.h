#pragma once

#include <algorithm>
#include <cstring>

#include "kernels/cpu/buffered.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/vector.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// A block of a matrix: `to` has dense rows, `from` dense columns.
template <class T>
inline void transpose_block(std::byte* to, std::int64_t to_row, const std::byte* from,
                            std::int64_t from_column, std::int64_t rows, std::int64_t columns) {
  const auto source = [&](std::int64_t r, std::int64_t c) {
    return reinterpret_cast<const T*>(from + c * from_column) + r;
  };
  const auto target = [&](std::int64_t r, std::int64_t c) {
    return reinterpret_cast<T*>(to + r * to_row) + c;
  };
  std::int64_t whole_rows = 0, whole_columns = 0;  // what registers have done
  if constexpr (sizeof(T) >= 4) {
    constexpr std::int64_t kSide = kLanes<T>;
    whole_rows = rows / kSide * kSide;
    whole_columns = columns / kSide * kSide;
    for (std::int64_t r = 0; r < whole_rows; r += kSide)
      for (std::int64_t c = 0; c < whole_columns; c += kSide) {
        Vector<T> square[kSide];
        WEFT_UNROLL
        for (int i = 0; i < kSide; ++i) square[i] = load(source(r, c + i));
        transpose_square<T>(square);
        WEFT_UNROLL
        for (int i = 0; i < kSide; ++i) store<T>(target(r + i, c), square[i]);
      }
  }
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c) *target(r, c) = *source(r, c);
}

/// to = from, element by element; T is any type of the elements' size. Walks `space`, whose operands are (to,
/// from).
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
    Space<2> matrices;
    for (int d = 0; d < last; ++d)
      if (d != across) append(matrices, space.extents[d], space.strides[d]);
    close(matrices);
    // blocks small enough that the pages of both sides stay within reach
    constexpr std::int64_t kSide = 64;
    const std::int64_t across_rows = (rows + kSide - 1) / kSide,
                       across_columns = (columns + kSide - 1) / kSide;
    const std::int64_t blocks = across_rows * across_columns;
    workers.for_each_range(matrices.size * blocks, 4, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        walk(matrices, data, i / blocks, i / blocks + 1, [&](const Pointers<2>& p, std::int64_t) {
          const std::int64_t r = i % blocks / across_columns * kSide, c = i % blocks % across_columns * kSide;
          transpose_block<T>(p[0] + r * to_row + c * kSize, to_row, p[1] + r * kSize + c * from_column,
                             from_column, std::min(kSide, rows - r), std::min(kSide, columns - c));
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
    case 1:
      return copy_view<std::uint8_t>(to, from, workers);
    case 4:
      return copy_view<std::uint32_t>(to, from, workers);
    default:
      return copy_view<std::uint64_t>(to, from, workers);
  }
}

}  // namespace weft::WEFT_ISA
