#include "kernels/cpu/reduce.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = mean of x over the reduced dims; NaN where there are none.
template <class T>
void mean(const KernelCall& call) {
  const View& x = call.inputs[0];
  double n = 1;
  for (int d = call.params->groups[0]; d < x.rank; ++d) n *= static_cast<double>(x.extents[d]);
  Reduction<Sum<T>, T>(call).run([n](double total) { return static_cast<T>(total / n); });
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return Reduction<Sum<T>, T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&mean<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::mean(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
