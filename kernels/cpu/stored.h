#pragma once

#include <type_traits>

#include "kernels/isa.h"

namespace weft::WEFT_ISA {

/// How kernels read elements: truth values as the bytes they are, since compilers make no vector code of
/// loops that read `bool`.
template <class T>
using stored_t = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;

template <class T>
inline T value_of(stored_t<T> x) {
  if constexpr (std::is_same_v<T, bool>) {
    return x != 0;
  } else {
    return x;
  }
}

}  // namespace weft::WEFT_ISA
