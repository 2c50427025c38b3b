#include "kernels/cpu/reduce.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = sum of x over the reduced dims; 0 where there are none. Integers wrap.
template <class T>
void sum(const KernelCall& call) {
  Reduction<Sum<T>, T>(call).run([](auto total) { return static_cast<T>(total); });
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return Reduction<Sum<T>, T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&sum<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::sum(DType dtype) {
  return pick_number(dtype, kKernel<float>, kKernel<double>, kKernel<std::int32_t>);
}

}  // namespace weft::WEFT_ISA
