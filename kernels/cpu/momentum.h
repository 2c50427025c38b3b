#pragma once

#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {

/// u = mu u + scale grad; param -= rate u, or with Nesterov's look ahead rate (scale grad + mu u).
/// Source: Polyak 1964; Sutskever et al. 2013, eq. 3 and 4.
template <class Real>
struct Momentum {
  using T = Real;
  static constexpr std::size_t kStates = 1;
  T rate, scale, mu;
  bool ahead;

  /// numbers {mu, 1 to look ahead}.
  static Momentum step(const Numbers& numbers, T rate, T scale, double) {
    return {rate, scale, static_cast<T>(numbers[0]), numbers[1] != 0};
  }

  void apply(T& param, T& u, T grad) const {
    const T g = scale * grad;
    u = faded(multiply_add(mu, u, g));
    param -= rate * (ahead ? multiply_add(mu, u, g) : u);
  }
};

}  // namespace weft::WEFT_ISA
