#include <cmath>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
struct Adam {
  T scale, beta1, beta2, rest1, rest2, rate, correct2, epsilon, decay, l2;

  // With g = scale * grad + l2 * param, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2:
  // param -= rate * (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay * param).
  void apply(T& param, T& m, T& v, T grad) const {
    const T g = scale * grad + l2 * param;
    m = faded(beta1 * m + rest1 * g);
    v = faded(beta2 * v + rest2 * (g * g));
    param = param - (rate * m / (std::sqrt(v * correct2) + epsilon) + decay * param);
  }
};

// Inputs param, m, v (written in place), grad, rate, scale, step (scalars, the first step is 1); numbers
// {beta1, beta2, epsilon, weight_decay, l2}. Nothing changes where rate or scale is not finite. Source:
// Kingma and Ba 2015, algorithm 1; weight decay apart from the gradient: Loshchilov and Hutter 2019.
template <class T>
void adam(const KernelCall& call) {
  const T rate = *call.inputs[4].as<T>(), scale = *call.inputs[5].as<T>();
  const double step = *call.inputs[6].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto& numbers = call.params->numbers;
  Adam<T> update;
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
  update_each<T, 4>(call, update);
}

template <class T>
constexpr Kernel kKernel{&adam<T>, nullptr};

}  // namespace

const Kernel* table::adam(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
