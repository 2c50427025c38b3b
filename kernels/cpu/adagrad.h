#pragma once

#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {

/// sum += (scale grad)^2; param -= rate scale grad / (sqrt(sum) + epsilon).
/// Source: Duchi, Hazan and Singer 2011.
template <class Real>
struct AdaGrad {
  using T = Real;
  static constexpr std::size_t kStates = 1;
  T rate, scale, epsilon;

  /// numbers {epsilon}.
  static AdaGrad step(const Numbers& numbers, T rate, T scale, double) {
    return {rate, scale, static_cast<T>(numbers[0])};
  }

  void apply(T& param, T& sum, T grad) const {
    const T g = scale * grad;
    sum += g * g;
    param -= rate * g / (std::sqrt(sum) + epsilon);
  }
};

}  // namespace weft::WEFT_ISA
