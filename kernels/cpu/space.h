#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "kernels/isa.h"
#include "kernels/view.h"

namespace weft::WEFT_ISA {

/// Some dims of N operands, outermost first, with strides in bytes. Dims that can be walked as one are one,
/// and once closed there is at least one dim.
template <std::size_t N>
struct Space {
  int rank = 0;
  std::int64_t size = 1;
  std::array<std::int64_t, kMaxRank> extents;
  std::array<std::array<std::int64_t, N>, kMaxRank> strides;

  std::int64_t inner() const { return extents[rank - 1]; }
  const std::array<std::int64_t, N>& inner_strides() const { return strides[rank - 1]; }
};

template <std::size_t N>
using Pointers = std::array<std::byte*, N>;

/// Adds one dim inside those there are.
template <std::size_t N>
inline void append(Space<N>& space, std::int64_t extent, const std::array<std::int64_t, N>& strides) {
  space.size *= extent;
  if (extent == 1) return;
  if (space.rank > 0) {
    auto& outer = space.strides[space.rank - 1];
    bool joined = true;
    for (std::size_t i = 0; i < N; ++i) joined &= outer[i] == strides[i] * extent;
    if (joined) {
      space.extents[space.rank - 1] *= extent;
      outer = strides;
      return;
    }
  }
  space.extents[space.rank] = extent;
  space.strides[space.rank] = strides;
  ++space.rank;
}

/// To be called after the last append.
template <std::size_t N>
inline void close(Space<N>& space) {
  if (space.rank > 0) return;
  space.rank = 1;
  space.extents[0] = 1;
  space.strides[0] = {};
}

/// Dims [first, last) of the views; extents are those of the first view.
template <std::size_t N>
inline Space<N> space_of(const std::array<const View*, N>& views, int first, int last) {
  Space<N> space;
  for (int d = first; d < last; ++d) {
    std::array<std::int64_t, N> strides;
    for (std::size_t i = 0; i < N; ++i) strides[i] = views[i]->strides[d] * size_of(views[i]->dtype);
    append(space, views[0]->extents[d], strides);
  }
  close(space);
  return space;
}

template <std::size_t N>
inline Space<N> space_of(const std::array<const View*, N>& views) {
  return space_of<N>(views, 0, views[0]->rank);
}

template <std::size_t N>
inline Pointers<N> pointers_of(const std::array<const View*, N>& views) {
  Pointers<N> p;
  for (std::size_t i = 0; i < N; ++i) p[i] = views[i]->data;
  return p;
}

/// The space of where its last dim begins.
template <std::size_t N>
inline Space<N> without_inner(const Space<N>& space) {
  Space<N> outer;
  for (int d = 0; d < space.rank - 1; ++d) append(outer, space.extents[d], space.strides[d]);
  close(outer);
  if (space.size == 0) outer.size = 0;
  return outer;
}

/// Puts the dims in the order of operand 0's strides, largest first: for kernels to which the order of the
/// elements means nothing, so that writing goes forward in memory.
template <std::size_t N>
inline void order_by_first(Space<N>& space) {
  const auto size = [](std::int64_t s) { return s < 0 ? -s : s; };
  bool changed = false;
  for (int i = 1; i < space.rank; ++i)
    for (int j = i; j > 0 && size(space.strides[j - 1][0]) < size(space.strides[j][0]); --j) {
      std::swap(space.extents[j - 1], space.extents[j]);
      std::swap(space.strides[j - 1], space.strides[j]);
      changed = true;
    }
  if (!changed) return;
  Space<N> joined;
  for (int d = 0; d < space.rank; ++d) append(joined, space.extents[d], space.strides[d]);
  close(joined);
  space = joined;
}

/// Calls inner(pointers, n) for the stretches along the last dim that make up elements [begin, end) of the
/// space.
template <std::size_t N, class F>
inline void walk(const Space<N>& space, Pointers<N> data, std::int64_t begin, std::int64_t end, F&& inner) {
  if (begin >= end) return;
  const int last = space.rank - 1;
  const std::int64_t length = space.extents[last];
  if (last == 0) {
    for (std::size_t i = 0; i < N; ++i) data[i] += begin * space.strides[0][i];
    inner(data, end - begin);
    return;
  }
  std::array<std::int64_t, kMaxRank> at;
  std::int64_t rest = begin;
  for (int d = last; d >= 0; --d) {
    at[d] = rest == 0 ? 0 : rest % space.extents[d];
    rest = rest == 0 ? 0 : rest / space.extents[d];
    for (std::size_t i = 0; i < N; ++i) data[i] += at[d] * space.strides[d][i];
  }
  std::int64_t n = length - at[last] < end - begin ? length - at[last] : end - begin;
  inner(data, n);
  for (std::size_t i = 0; i < N; ++i) data[i] -= at[last] * space.strides[last][i];
  for (std::int64_t done = begin + n; done < end; done += n) {
    for (int d = last - 1;; --d) {
      for (std::size_t i = 0; i < N; ++i) data[i] += space.strides[d][i];
      if (++at[d] < space.extents[d]) break;
      for (std::size_t i = 0; i < N; ++i) data[i] -= space.extents[d] * space.strides[d][i];
      at[d] = 0;
    }
    n = length < end - done ? length : end - done;
    inner(data, n);
  }
}

/// The same over all elements.
template <std::size_t N, class F>
inline void walk(const Space<N>& space, const Pointers<N>& data, F&& inner) {
  walk(space, data, 0, space.size, inner);
}

/// Pieces of elementwise work: large enough to hide what a piece costs, small enough to share out.
inline constexpr std::int64_t kGrain = 16384;

}  // namespace weft::WEFT_ISA
