#pragma once

#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {

/// One step of Adam: with g = scale grad + l2 param, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2)
/// g^2: param -= rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + decay param).
/// Source: Kingma and Ba 2015, algorithm 1; weight decay apart from the gradient: Loshchilov and Hutter 2019.
template <class Real>
struct Adam {
  using T = Real;
  static constexpr std::size_t kStates = 2;
  T scale, beta1, beta2, rest1, rest2, rate, correct2, epsilon, decay, l2;

  /// numbers {beta1, beta2, epsilon, decay, l2}; step: t, the first is 1.
  static Adam step(const Numbers& numbers, T rate, T scale, double step) {
    Adam update;
    update.scale = scale;
    update.beta1 = static_cast<T>(numbers[0]);
    update.beta2 = static_cast<T>(numbers[1]);
    update.rest1 = static_cast<T>(1.0 - numbers[0]);
    update.rest2 = static_cast<T>(1.0 - numbers[1]);
    update.rate = static_cast<T>(rate / (1.0 - std::pow(numbers[0], step)));
    update.correct2 = static_cast<T>(1.0 / (1.0 - std::pow(numbers[1], step)));
    update.epsilon = static_cast<T>(numbers[2]);
    update.decay = static_cast<T>(rate * numbers[3]);
    update.l2 = static_cast<T>(numbers[4]);
    return update;
  }

  void apply(T& param, T& m, T& v, T grad) const {
    const T g = multiply_add(l2, param, scale * grad);
    m = faded(multiply_add(beta1, m, rest1 * g));
    v = faded(multiply_add(beta2, v, rest2 * (g * g)));
    param = param - (rate * m / (std::sqrt(v * correct2) + epsilon) + decay * param);
  }
};

}  // namespace weft::WEFT_ISA
