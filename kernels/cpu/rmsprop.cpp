#include <cmath>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
struct RmsProp {
  T rate, scale, beta, rest, epsilon;

  void apply(T& param, T& mean, T grad) const {
    const T g = scale * grad;
    mean = faded(beta * mean + rest * (g * g));
    param -= rate * g / (std::sqrt(mean) + epsilon);
  }
};

// mean = beta mean + (1 - beta) (scale grad)^2; param -= rate scale grad / (sqrt(mean) + epsilon); inputs
// param, mean (written in place), grad, rate, scale (scalars); numbers {beta, epsilon}. Nothing changes where
// rate or scale is not finite.
template <class T>
void rmsprop(const KernelCall& call) {
  const T rate = *call.inputs[3].as<T>(), scale = *call.inputs[4].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto& numbers = call.params->numbers;
  update_each<T, 3>(call, RmsProp<T>{rate, scale, static_cast<T>(numbers[0]),
                                     static_cast<T>(1.0 - numbers[0]), static_cast<T>(numbers[1])});
}

template <class T>
constexpr Kernel kKernel{&rmsprop<T>, nullptr};

}  // namespace

const Kernel* table::rmsprop(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
