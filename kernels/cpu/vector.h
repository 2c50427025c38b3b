#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/isa.h"

namespace weft::WEFT_ISA {

#if defined(__AVX512F__)
inline constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif

/// A register of T: arithmetic, comparisons and ?: work lane by lane.
template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(kVectorBytes)));
};
template <class T>
using Vector = typename VectorOf<T>::type;

template <class T>
inline constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(T));

/// The lanes at an address of any alignment.
template <class T>
inline Vector<T> load(const T* from) {
  Vector<T> v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class T>
inline void store(T* to, Vector<T> v) {
  __builtin_memcpy(to, &v, sizeof v);
}

/// x in every lane.
template <class T>
inline Vector<T> splat(T x) {
  return x - Vector<T>{};
}

/// Rows to columns of a square of registers, by as many rounds of interleaving its halves as its side has bits.
template <class T>
inline void transpose_square(Vector<T> (&square)[kLanes<T>]) {
  constexpr int kSide = kLanes<T>;
  using Lane = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  typedef Lane Choice __attribute__((vector_size(kVectorBytes)));
  Choice low, high;
  for (int l = 0; l < kSide; ++l) {
    low[l] = static_cast<Lane>(l / 2 + (l % 2 ? kSide : 0));
    high[l] = static_cast<Lane>(kSide / 2 + l / 2 + (l % 2 ? kSide : 0));
  }
#pragma GCC unroll 4
  for (int round = 1; round < kSide; round *= 2) {
    Vector<T> next[kSide];
#pragma GCC unroll 16
    for (int i = 0; i < kSide / 2; ++i) {
      next[2 * i] = __builtin_shuffle(square[i], square[i + kSide / 2], low);
      next[2 * i + 1] = __builtin_shuffle(square[i], square[i + kSide / 2], high);
    }
#pragma GCC unroll 16
    for (int i = 0; i < kSide; ++i) square[i] = next[i];
  }
}

}  // namespace weft::WEFT_ISA
