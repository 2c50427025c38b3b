#pragma once

#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {

/// mean = beta mean + (1 - beta) (scale grad)^2; param -= rate scale grad / (sqrt(mean) + epsilon).
/// Source: Tieleman and Hinton 2012, lecture 6.5.
template <class Real>
struct RmsProp {
  using T = Real;
  static constexpr std::size_t kStates = 1;
  T rate, scale, beta, rest, epsilon;

  /// numbers {beta, epsilon}.
  static RmsProp step(const Numbers& numbers, T rate, T scale, double) {
    return {rate, scale, static_cast<T>(numbers[0]), static_cast<T>(1.0 - numbers[0]),
            static_cast<T>(numbers[1])};
  }

  void apply(T& param, T& mean, T grad) const {
    const T g = scale * grad;
    mean = faded(multiply_add(beta, mean, rest * (g * g)));
    param -= rate * g / (std::sqrt(mean) + epsilon);
  }
};

}  // namespace weft::WEFT_ISA
