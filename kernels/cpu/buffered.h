#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

#include "kernels/cpu/space.h"

namespace weft::WEFT_ISA {

inline constexpr std::int64_t kBuffer = 256;

/// n elements, `stride` bytes apart, side by side into `to`.
template <class T>
inline void load_strided(T* to, const std::byte* from, std::int64_t stride, std::int64_t n) {
  if (stride == 0) {
    T value;
    std::memcpy(&value, from, sizeof value);
    for (std::int64_t i = 0; i < n; ++i) to[i] = value;
  } else {
    for (std::int64_t i = 0; i < n; ++i) std::memcpy(to + i, from + i * stride, sizeof(T));
  }
}

template <class T>
inline void store_strided(std::byte* to, std::int64_t stride, const T* from, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) std::memcpy(to + i * stride, from + i, sizeof(T));
}

/// Applies loop(Out*, const In*..., n), which is written for elements side by side only, to one stretch of
/// operands with any strides: those that aren't dense go through small buffers on the stack. A value that is
/// repeated is written to its buffer once.
template <class Out, class... In>
class Buffered {
 public:
  static constexpr std::size_t kOperands = 1 + sizeof...(In);
  using Strides = std::array<std::int64_t, kOperands>;

  template <class Loop>
  static void apply(const Pointers<kOperands>& data, const Strides& strides, std::int64_t n, Loop&& loop) {
    apply(data, strides, n, loop, std::index_sequence_for<In...>());
  }

 private:
  template <class Loop, std::size_t... I>
  static void apply(const Pointers<kOperands>& data, const Strides& strides, std::int64_t n, Loop& loop,
                    std::index_sequence<I...>) {
    const bool dense_out = strides[0] == static_cast<std::int64_t>(sizeof(Out));
    if (dense_out && ((strides[I + 1] == static_cast<std::int64_t>(sizeof(In))) && ...)) {
      loop(reinterpret_cast<Out*>(data[0]), reinterpret_cast<const In*>(data[I + 1])..., n);
      return;
    }
    alignas(64) Out out[kBuffer];
    std::tuple<Block<In>...> blocks;
    for (std::int64_t done = 0; done < n; done += kBuffer) {
      const std::int64_t m = std::min(kBuffer, n - done);
      Out* to = dense_out ? reinterpret_cast<Out*>(data[0]) + done : out;
      loop(to, std::get<I>(blocks).read(data[I + 1], strides[I + 1], done, m)..., m);
      if (!dense_out) store_strided(data[0] + done * strides[0], strides[0], out, m);
    }
  }

  template <class T>
  struct Block {
    alignas(64) T values[kBuffer];
    const T* read(const std::byte* data, std::int64_t stride, std::int64_t done, std::int64_t n) {
      if (stride == static_cast<std::int64_t>(sizeof(T))) return reinterpret_cast<const T*>(data) + done;
      if (stride != 0 || done == 0) load_strided(values, data + done * stride, stride, n);
      return values;
    }
  };
};

}  // namespace weft::WEFT_ISA
