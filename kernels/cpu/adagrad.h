#pragma once

#include <cmath>

namespace weft::WEFT_ISA {

/// sum += (scale grad)^2; param -= rate scale grad / (sqrt(sum) + epsilon).
/// Source: Duchi, Hazan and Singer 2011.
template <class T>
struct AdaGrad {
  T rate, scale, epsilon;

  void apply(T& param, T& sum, T grad) const {
    const T g = scale * grad;
    sum += g * g;
    param -= rate * g / (std::sqrt(sum) + epsilon);
  }
};

}  // namespace weft::WEFT_ISA
