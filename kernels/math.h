#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/isa.h"

/// Elementary functions of float without branches or tables, so that a loop over them becomes vector code on
/// any instruction set. NaN in gives NaN out; polynomials are Chebyshev fits on the interval given, errors
/// were measured against long double over a sweep of all exponents (tests/kernels/math_test.cpp). Source for
/// the reductions: Cody and Waite 1980, ch. 5, 6 and 13; Muller 2016, ch. 11. For double see std::.
namespace weft::WEFT_ISA::math {

WEFT_HD inline std::int32_t bits_of(float x) {
  return __builtin_bit_cast(std::int32_t, x);
}
WEFT_HD inline float float_of(std::int32_t bits) {
  return __builtin_bit_cast(float, bits);
}

inline constexpr float kInfinity = __builtin_inff();
inline constexpr float kNaN = __builtin_nanf("");

/// e^x = 2^n (1 + rest) with |rest| < 0.42 and a whole number n, which the low bits of `shifted` hold.
struct PowerOfE {
  float rest;
  std::uint32_t shifted;
};

WEFT_HD inline PowerOfE power_of_e(float x) {
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer, kept in the low bits
  const float shifted = x * 1.44269504089f + magic;
  const float n = shifted - magic;
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440055e-4f;
  float p = 1.3926926614e-3f;
  p = p * r + 8.36377387441e-3f;
  p = p * r + 4.16665501103e-2f;
  p = p * r + 1.66665733819e-1f;
  p = p * r + 5.0e-1f;
  p = p * (r * r) + r;
  return {p, static_cast<std::uint32_t>(bits_of(shifted))};
}

/// e^x: error below 1.5 ulp. Above 88.73 infinity; below -87.33, where the result would be subnormal, 0.
WEFT_HD inline float exp(float x) {
  const PowerOfE power = power_of_e(x);
  const float p = power.rest + 1.0f;
  // p is in (0.70, 1.42): adding n to its exponent field is exact wherever the result is a normal number
  const std::uint32_t scale = power.shifted << 23;
  float y = float_of(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits_of(p)) + scale));
  y = x > 88.7228317f ? kInfinity : y;
  y = x < -87.3365402f ? 0.0f : y;
  return x != x ? x : y;
}

/// ln x: error below 2 ulp. ln 0 = -infinity, negative gives NaN; subnormals are taken exactly.
WEFT_HD inline float log(float x) {
  const bool tiny = x < 1.17549435e-38f;
  const float scaled = tiny ? x * 8388608.0f : x;
  const auto shifted =  // sqrt(1/2), so that m below lies in [sqrt(1/2), sqrt(2))
      static_cast<std::int32_t>(static_cast<std::uint32_t>(bits_of(scaled)) - 0x3f3504f3u);
  const float e = static_cast<float>((shifted >> 23) - (tiny ? 23 : 0));
  const float f = float_of((shifted & 0x7fffff) + 0x3f3504f3) - 1.0f;
  float p = 6.97161147145e-2f;
  p = p * f + -1.14797338466e-1f;
  p = p * f + 1.16854199235e-1f;
  p = p * f + -1.24256873315e-1f;
  p = p * f + 1.42490576457e-1f;
  p = p * f + -1.66678023195e-1f;
  p = p * f + 2.00007157489e-1f;
  p = p * f + -2.4999996958e-1f;
  p = p * f + 3.333333118e-1f;
  const float f2 = f * f;
  float low = p * (f2 * f);
  low = low + e * -2.12194440055e-4f;
  low = low - 0.5f * f2;
  float y = e * 0.693359375f + (f + low);
  y = x > 3.40282347e38f ? x : y;
  y = x == 0.0f ? -kInfinity : y;
  return x >= 0.0f ? y : kNaN;
}

/// tanh x: error below 3 ulp; tanh(+-infinity) = +-1.
WEFT_HD inline float tanh(float x) {
  const float a = __builtin_fabsf(x);
  const float s = x * x;
  float p = 2.29274481618e-3f;
  p = p * s + -8.34394551584e-3f;
  p = p * s + 2.1768918651e-2f;
  p = p * s + -5.39592595772e-2f;
  p = p * s + 1.33333035569e-1f;
  p = p * s + -3.33333331721e-1f;
  const float near = a * s * p + a;
  const float far = 1.0f - 2.0f / (exp(a + a) + 1.0f);
  return __builtin_copysignf(a < 0.625f ? near : far, x);
}

/// 1 / (1 + e^-x): error below 3 ulp; 0 where it would be subnormal.
WEFT_HD inline float sigmoid(float x) {
  return 1.0f / (1.0f + exp(-x));
}

/// ln(1 + x): error below 3 ulp. What 1 + x loses of x comes back as the factor x / ((1 + x) - 1) (Goldberg
/// 1991, theorem 4).
WEFT_HD inline float log1p(float x) {
  const float u = 1.0f + x;
  const float kept = u - 1.0f;
  const float whole = log(u);
  const float y = kept == 0.0f ? x : whole * (x / kept);
  return u > 1e7f ? whole : y;
}

/// e^x - 1: error below 3 ulp, exact to the last digits where x is small: with n and r as in exp it is 2^n
/// (e^r - 1) + (2^n - 1). Halves of it are added, as 2^128 is no number.
WEFT_HD inline float expm1(float x) {
  const PowerOfE power = power_of_e(x < -30.0f ? -30.0f : x);
  const std::uint32_t half = (power.shifted + 126u) << 23;  // 2^(n - 1)
  const float scale = float_of(static_cast<std::int32_t>(half));
  float y = 2.0f * (scale * power.rest + (scale - 0.5f));
  y = x > 88.7228317f ? kInfinity : y;
  y = __builtin_copysignf(y, x);
  return x != x ? x : y;
}

/// erf x: error below 3 ulp; erf(+-infinity) = +-1. Up to 1 an odd polynomial, beyond 1 - e^-q(|x|).
WEFT_HD inline float erf(float x) {
  const float a = __builtin_fabsf(x);
  const float s = x * x;
  float p = 7.875875046790626e-5f;
  p = p * s + -8.016864281817755e-4f;
  p = p * s + 5.1890874227800456e-3f;
  p = p * s + -2.6854212010276407e-2f;
  p = p * s + 1.1283594715152363e-1f;
  p = p * s + -3.7612626666719623e-1f;
  p = p * s + 1.1283791658483504f;
  const float t = a > 4.0f ? 4.0f : a;
  float q = -1.6371514135218746e-6f;
  q = q * t + 4.6058042677027065e-5f;
  q = q * t + -5.968056256418626e-4f;
  q = q * t + 4.75959629360471e-3f;
  q = q * t + -2.642113600793558e-2f;
  q = q * t + 1.1008008295528207e-1f;
  q = q * t + 6.318260515495314e-1f;
  q = q * t + 1.1302334348493244f;
  q = q * t + -3.201380519176993e-4f;
  const float far = 1.0f - exp(-q);
  return __builtin_copysignf(a < 1.0f ? a * p : far, x);
}

/// sin and cos of 2 pi w / 2^32, for Box-Muller: the top bits of w give the octant, so no reduction loses
/// digits.
WEFT_HD inline void turn(std::uint32_t w, float& sine, float& cosine) {
  const std::uint32_t quadrant = (w + 0x20000000u) >> 30;
  const auto part = static_cast<std::int32_t>(w - (quadrant << 30));  // in [-2^29, 2^29)
  const float t = static_cast<float>(part) * 1.46291807927e-9f;       // 2 pi / 2^32
  const float s = t * t;
  float p = -1.95878908804e-4f;
  p = p * s + 8.33274827063e-3f;
  p = p * s + -1.66666646623e-1f;
  const float near_sine = t * s * p + t;
  float q = 2.45479420851e-5f;
  q = q * s + -1.38883030359e-3f;
  q = q * s + 4.16666646595e-2f;
  const float near_cosine = q * (s * s) + (1.0f - 0.5f * s);
  const bool swap = (quadrant & 1) != 0;
  const float a = swap ? near_cosine : near_sine;
  const float b = swap ? near_sine : near_cosine;
  sine = (quadrant & 2) != 0 ? -a : a;
  cosine = ((quadrant + 1) & 2) != 0 ? -b : b;
}

WEFT_HD inline double exp(double x) {
  return std::exp(x);
}
WEFT_HD inline double log(double x) {
  return std::log(x);
}
WEFT_HD inline double log1p(double x) {
  return std::log1p(x);
}
WEFT_HD inline double expm1(double x) {
  return std::expm1(x);
}
WEFT_HD inline double erf(double x) {
  return std::erf(x);
}
WEFT_HD inline double tanh(double x) {
  return std::tanh(x);
}
WEFT_HD inline double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}
WEFT_HD inline void turn(std::uint32_t w, double& sine, double& cosine) {
  const double t = static_cast<double>(static_cast<std::int32_t>(w)) * 1.46291807926715968e-9;
  sine = std::sin(t);
  cosine = std::cos(t);
}

}  // namespace weft::WEFT_ISA::math
