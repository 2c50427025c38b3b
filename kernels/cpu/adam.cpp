#include "kernels/cpu/adam.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// Inputs param, m, v (written in place), grad, rate, scale, step (scalars); numbers as Adam has them. Nothing
// changes where rate or scale is not finite.
template <class T>
void adam(const KernelCall& call) {
  const T rate = *call.inputs[4].as<T>(), scale = *call.inputs[5].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  update_each<T, 4>(call, Adam<T>::step(call.params->numbers, rate, scale, *call.inputs[6].as<T>()));
}

template <class T>
constexpr Kernel kKernel{&adam<T>, nullptr};

}  // namespace

const Kernel* table::adam(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
