#include <cmath>
#include <limits>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
struct Adam {
  T scale, beta1, beta2, rest1, rest2, rate, correct2, epsilon, decay;

  // With g = scale * grad, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2:
  // param -= rate * (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay * param).
  // Moments that fade below the normal numbers become 0: subnormal ones would stay for ever and are slow.
  void apply(T& param, T& m, T& v, T grad) const {
    constexpr T kTiny = std::numeric_limits<T>::min();
    const T g = scale * grad;
    const T m1 = beta1 * m + rest1 * g;
    const T v1 = beta2 * v + rest2 * (g * g);
    m = __builtin_fabs(m1) < kTiny ? T(0) : m1;
    v = v1 < kTiny ? T(0) : v1;
    param = param - (rate * m / (std::sqrt(v * correct2) + epsilon) + decay * param);
  }
};

// Inputs param, m, v (written in place), grad, rate, scale, step (scalars, the first step is 1); numbers
// {beta1, beta2, epsilon, weight_decay}. Nothing changes where rate or scale is not finite. Source: Kingma
// and Ba 2015, algorithm 1; weight decay apart from the gradient: Loshchilov and Hutter 2019.
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
  const std::array<const View*, 4> views{&call.output, &call.inputs[1], &call.inputs[2], &call.inputs[3]};
  Space<4> space = space_of<4>(views);
  order_by_first(space);
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  const auto strides = space.inner_strides();
  const bool dense = strides == std::array<std::int64_t, 4>{kSize, kSize, kSize, kSize};
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, pointers_of<4>(views), begin, end, [&](const Pointers<4>& at, std::int64_t n) {
      const auto value = [&](std::size_t k, std::int64_t i) -> T& {
        return *reinterpret_cast<T*>(at[k] + i * strides[k]);
      };
      if (dense) {
        T *param = &value(0, 0), *m = &value(1, 0), *v = &value(2, 0);
        const T* grad = &value(3, 0);
        const Adam<T> u = update;
        WEFT_INDEPENDENT
        for (std::int64_t i = 0; i < n; ++i) u.apply(param[i], m[i], v[i], grad[i]);
      } else {
        for (std::int64_t i = 0; i < n; ++i) update.apply(value(0, i), value(1, i), value(2, i), value(3, i));
      }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&adam<T>, nullptr};

}  // namespace

const Kernel* table::adam(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
