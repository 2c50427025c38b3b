#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/isa.h"

namespace weft::WEFT_ISA {

/// Reals to int32: truncated; beyond its range the nearest end, NaN 0. Anything to bool: whether it is not 0.
template <class To, class From>
inline To converted(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (std::is_same_v<To, std::int32_t> && std::is_floating_point_v<From>) {
    constexpr From kLow = -2147483648.0;
    constexpr From kHigh = sizeof(From) == 4 ? From(2147483520.0) : From(2147483647.0);
    From y = x > kLow ? x : kLow;
    y = y < kHigh ? y : kHigh;
    const auto i = static_cast<std::int32_t>(x == x ? y : From(0));
    return x > kHigh ? std::numeric_limits<std::int32_t>::max() : i;
  } else {
    return static_cast<To>(x);
  }
}

}  // namespace weft::WEFT_ISA
