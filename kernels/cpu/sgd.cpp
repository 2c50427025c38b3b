#include "kernels/cpu/buffered.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {
namespace {

// param -= rate * scale * grad; inputs param, grad, rate, scale (scalars). Nothing changes where rate or
// scale is not finite.
template <class T>
void sgd(const KernelCall& call) {
  const T rate = *call.inputs[2].as<T>(), scale = *call.inputs[3].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const T factor = rate * scale;
  const std::array<const View*, 3> views{&call.output, &call.inputs[0], &call.inputs[1]};
  Space<3> space = space_of<3>(views);
  order_by_first(space);
  call.workers->for_each_range(space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, pointers_of<3>(views), begin, end, [&](const Pointers<3>& p, std::int64_t n) {
      Buffered<T, T, T>::apply(p, space.inner_strides(), n,
                               [=](T* out, const T* param, const T* grad, std::int64_t m) {
                                 const T by = factor;  // a local copy, which can't be what is written to
                                 WEFT_INDEPENDENT
                                 for (std::int64_t i = 0; i < m; ++i) out[i] = param[i] - by * grad[i];
                               });
    });
  });
}

template <class T>
constexpr Kernel kKernel{&sgd<T>, nullptr};

}  // namespace

const Kernel* table::sgd(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
