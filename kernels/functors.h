#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>

#include "kernels/isa.h"
#include "kernels/math.h"

/// One function object for each elementwise row of tensor/ops.def, under the row's name: what the CPU's loops
/// and the device's kernels both apply. No branches, so that loops vectorize. The element types it takes are
/// those its operator() can be called with; integers wrap.
namespace weft::WEFT_ISA::functor {

template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;
template <class T>
concept Number = Real<T> || std::same_as<T, std::int32_t>;
template <class T>
concept Value = Number<T> || std::same_as<T, bool>;

/// int32 arithmetic in uint32, where overflow is defined; reals as they are.
template <class T>
struct Arithmetic {
  using type = T;
};
template <>
struct Arithmetic<std::int32_t> {
  using type = std::uint32_t;
};
template <class T>
using arithmetic_t = typename Arithmetic<T>::type;

struct add {
  template <Number T>
  WEFT_HD T operator()(T a, T b) const {
    return static_cast<T>(static_cast<arithmetic_t<T>>(a) + static_cast<arithmetic_t<T>>(b));
  }
};

struct sub {
  template <Number T>
  WEFT_HD T operator()(T a, T b) const {
    return static_cast<T>(static_cast<arithmetic_t<T>>(a) - static_cast<arithmetic_t<T>>(b));
  }
};

struct mul {
  template <Number T>
  WEFT_HD T operator()(T a, T b) const {
    return static_cast<T>(static_cast<arithmetic_t<T>>(a) * static_cast<arithmetic_t<T>>(b));
  }
};

struct div {
  template <Real T>
  WEFT_HD T operator()(T a, T b) const {
    return a / b;
  }
};

/// a^b as C's pow. Squares, by far the most frequent, don't pay for the general case.
struct pow {
  template <Real T>
  WEFT_HD T operator()(T a, T b) const {
    return b == T(2) ? a * a : std::pow(a, b);
  }
};

struct neg {
  template <Number T>
  WEFT_HD T operator()(T a) const {
    if constexpr (Real<T>) return -a;
    return static_cast<T>(arithmetic_t<T>(0) - static_cast<arithmetic_t<T>>(a));
  }
};

struct exp {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::exp(a);
  }
};

struct log {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::log(a);
  }
};

struct log1p {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::log1p(a);
  }
};

struct expm1 {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::expm1(a);
  }
};

struct erf {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::erf(a);
  }
};

struct floor {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return std::floor(a);
  }
};

/// To the nearest whole number, of two the even one.
struct round {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return std::nearbyint(a);
  }
};

struct sqrt {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return std::sqrt(a);
  }
};

struct cos {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return std::cos(a);
  }
};

struct sin {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return std::sin(a);
  }
};

struct abs {
  template <Number T>
  WEFT_HD T operator()(T a) const {
    if constexpr (Real<T>) return std::fabs(a);
    return a < 0 ? neg{}(a) : a;
  }
};

/// NaN where either operand is.
struct minimum {
  template <Number T>
  WEFT_HD T operator()(T a, T b) const {
    if constexpr (Real<T>) return ((a < b) | (a != a)) ? a : b;
    return a < b ? a : b;
  }
};

/// NaN where either operand is.
struct maximum {
  template <Number T>
  WEFT_HD T operator()(T a, T b) const {
    if constexpr (Real<T>) return ((a > b) | (a != a)) ? a : b;
    return a > b ? a : b;
  }
};

struct sigmoid {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::sigmoid(a);
  }
};

struct tanh {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return math::tanh(a);
  }
};

/// max(a, 0); NaN stays NaN.
struct relu {
  template <Real T>
  WEFT_HD T operator()(T a) const {
    return a < T(0) ? T(0) : a;
  }
};

struct less {
  template <Number T>
  WEFT_HD bool operator()(T a, T b) const {
    return a < b;
  }
};

struct less_equal {
  template <Number T>
  WEFT_HD bool operator()(T a, T b) const {
    return a <= b;
  }
};

struct equal {
  template <Value T>
  WEFT_HD bool operator()(T a, T b) const {
    return a == b;
  }
};

struct not_equal {
  template <Value T>
  WEFT_HD bool operator()(T a, T b) const {
    return a != b;
  }
};

struct logical_and {
  WEFT_HD bool operator()(std::same_as<bool> auto a, bool b) const { return a & b; }
};

struct logical_or {
  WEFT_HD bool operator()(std::same_as<bool> auto a, bool b) const { return a | b; }
};

struct logical_not {
  WEFT_HD bool operator()(std::same_as<bool> auto a) const { return !a; }
};

struct is_finite {
  template <Real T>
  WEFT_HD bool operator()(T a) const {
    return a - a == T(0);
  }
};

/// condition ? a : b
struct where {
  template <Value T>
  WEFT_HD T operator()(bool condition, T a, T b) const {
    return condition ? a : b;
  }
};

}  // namespace weft::WEFT_ISA::functor
