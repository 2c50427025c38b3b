#include "kernels/cpu/adagrad.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {
namespace {

// Inputs param, sum (written in place), grad, rate, scale (scalars); numbers {epsilon}. Nothing changes where
// rate or scale is not finite.
template <class T>
void adagrad(const KernelCall& call) {
  const T rate = *call.inputs[3].as<T>(), scale = *call.inputs[4].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto& numbers = call.params->numbers;
  update_each<T, 3>(call, AdaGrad<T>{rate, scale, static_cast<T>(numbers[0])});
}

template <class T>
constexpr Kernel kKernel{&adagrad<T>, nullptr};

}  // namespace

const Kernel* table::adagrad(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
