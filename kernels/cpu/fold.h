#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/cpu/vector.h"

namespace weft::WEFT_ISA {

/// How to sum: short blocks in T (int64 for integers), their sums in double, so that the error of a float sum
/// stays that of some dozen additions however long it is.
template <class T>
struct Sum {
  using Lane = std::conditional_t<std::is_integral_v<T>, std::int64_t, T>;
  using Total = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;
  static constexpr Lane identity() { return 0; }
  static constexpr Total nothing() { return 0; }
  template <class V>
  static V join(V a, V b) {
    return a + b;
  }
};

/// The largest; NaN where there is one.
template <class T>
struct Max {
  using Lane = T;
  using Total = T;
  static constexpr T identity() {
    return std::is_integral_v<T> ? std::numeric_limits<T>::lowest() : -std::numeric_limits<T>::infinity();
  }
  static constexpr T nothing() { return identity(); }
  template <class V>
  static V join(V a, V b) {
    return ((b > a) | (b != b)) ? b : a;
  }
};

/// Folds the first 2 Half lanes: the upper half with the lower one, and so on.
template <class Op, class T, int Half>
inline T fold_lanes(Vector<T> v) {
  const Vector<T> folded = Op::join(v, rotated<T, Half>(v));
  if constexpr (Half == 1)
    return folded[0];
  else
    return fold_lanes<Op, T, Half / 2>(folded);
}

/// Folds n elements that lie side by side, `kFoldBlock` at most.
inline constexpr std::int64_t kFoldBlock = 1024;

template <class Op, class T>
inline typename Op::Lane fold_block(const T* x, std::int64_t n) {
  using Lane = typename Op::Lane;
  Lane result = Op::identity();
  std::int64_t i = 0;
  if constexpr (std::is_same_v<Lane, T>) {
    constexpr int kWide = kLanes<T>;
    if (n >= kWide) {
      Vector<T> a = splat(Op::identity()), b = a, c = a, d = a;
      for (; i + 4 * kWide <= n; i += 4 * kWide) {
        a = Op::join(a, load(x + i));
        b = Op::join(b, load(x + i + kWide));
        c = Op::join(c, load(x + i + 2 * kWide));
        d = Op::join(d, load(x + i + 3 * kWide));
      }
      for (; i + kWide <= n; i += kWide) a = Op::join(a, load(x + i));
      a = Op::join(Op::join(a, b), Op::join(c, d));
      result = fold_lanes<Op, T, kWide / 2>(a);
    }
  }
  for (; i < n; ++i) result = Op::join(result, static_cast<Lane>(x[i]));
  return result;
}

/// Folds any number of elements side by side.
template <class Op, class T>
inline typename Op::Total fold(const T* x, std::int64_t n) {
  using Total = typename Op::Total;
  Total total = Op::nothing();
  for (std::int64_t done = 0; done < n; done += kFoldBlock)
    total = Op::join(
        total, static_cast<Total>(fold_block<Op>(x + done, n - done < kFoldBlock ? n - done : kFoldBlock)));
  return total;
}

}  // namespace weft::WEFT_ISA
