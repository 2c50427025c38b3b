#include <cmath>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
struct Momentum {
  T rate, scale, mu;
  bool ahead;

  void apply(T& param, T& u, T grad) const {
    const T g = scale * grad;
    u = faded(mu * u + g);
    param -= rate * (ahead ? g + mu * u : u);
  }
};

// u = mu u + scale grad; param -= rate u, or rate (scale grad + mu u); inputs param, u (written in place),
// grad, rate, scale (scalars); numbers {mu, 1 for the second form}. Nothing changes where rate or scale is
// not finite.
template <class T>
void momentum(const KernelCall& call) {
  const T rate = *call.inputs[3].as<T>(), scale = *call.inputs[4].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto& numbers = call.params->numbers;
  const T mu = static_cast<T>(numbers[0]);
  const bool ahead = numbers[1] != 0;
  update_each<T, 3>(call, Momentum<T>{rate, scale, mu, ahead});
}

template <class T>
constexpr Kernel kKernel{&momentum<T>, nullptr};

}  // namespace

const Kernel* table::momentum(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
