#pragma once

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include <cstdint>
#include <cstring>
#include <utility>

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

/// Whether some lanes of a register are read and written as fast as all.
#if defined(__AVX512F__)
inline constexpr bool kMasks = true;
#else
inline constexpr bool kMasks = false;
#endif

/// The first n lanes at an address, the others zero; nothing beside them is touched.
template <class T>
inline Vector<T> load_some(const T* from, std::int64_t n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4)
    return (Vector<T>)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), from);
  if constexpr (sizeof(T) == 8)
    return (Vector<T>)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << n) - 1), from);
#else
  Vector<T> v{};
  for (int i = 0; i < kLanes<T>; ++i)
    if (i < n) v[i] = from[i];
  return v;
#endif
}

template <class T>
inline void store_some(T* to, Vector<T> v, std::int64_t n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << n) - 1), (__m512)v);
  if constexpr (sizeof(T) == 8) _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1u << n) - 1), (__m512d)v);
#else
  for (int i = 0; i < kLanes<T>; ++i)
    if (i < n) to[i] = v[i];
#endif
}

/// x in every lane.
template <class T>
inline Vector<T> splat(T x) {
  return x - Vector<T>{};
}

template <class T, int kBy, std::size_t... Lane>
inline Vector<T> rotated(Vector<T> v, std::index_sequence<Lane...>) {
  return __builtin_shufflevector(v, v, ((static_cast<int>(Lane) + kBy) % kLanes<T>)...);
}

/// Lane l + kBy in lane l, counted round.
template <class T, int kBy>
inline Vector<T> rotated(Vector<T> v) {
  return rotated<T, kBy>(v, std::make_index_sequence<kLanes<T>>());
}

/// The lanes of a and b in turn: of their first halves, or of their second ones.
template <class T, bool kSecond, std::size_t... Lane>
inline Vector<T> interleave(Vector<T> a, Vector<T> b, std::index_sequence<Lane...>) {
  constexpr int kSide = kLanes<T>;
  return __builtin_shufflevector(
      a, b, (static_cast<int>(Lane) / 2 + (kSecond ? kSide / 2 : 0) + (Lane % 2 ? kSide : 0))...);
}

/// Rows to columns of a square of registers, by as many rounds of interleaving its halves as its side has
/// bits.
template <class T>
inline void transpose_square(Vector<T> (&square)[kLanes<T>]) {
  constexpr int kSide = kLanes<T>;
  constexpr auto kAll = std::make_index_sequence<kSide>();
  WEFT_UNROLL
  for (int round = 1; round < kSide; round *= 2) {
    Vector<T> next[kSide];
    WEFT_UNROLL
    for (int i = 0; i < kSide / 2; ++i) {
      next[2 * i] = interleave<T, false>(square[i], square[i + kSide / 2], kAll);
      next[2 * i + 1] = interleave<T, true>(square[i], square[i + kSide / 2], kAll);
    }
    WEFT_UNROLL
    for (int i = 0; i < kSide; ++i) square[i] = next[i];
  }
}

}  // namespace weft::WEFT_ISA
