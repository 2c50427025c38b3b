#pragma once

#include <cstdint>
#include <cstring>

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

}  // namespace weft::WEFT_ISA
