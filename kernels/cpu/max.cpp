#include "kernels/cpu/reduce.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = the largest x over the reduced dims; -infinity where there are none, NaN where x has one.
template <class T>
void max(const KernelCall& call) {
  Reduction<Max<T>, T>(call).run([](T total) { return total; });
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return Reduction<Max<T>, T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&max<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::max(DType dtype) {
  return pick_number(dtype, kKernel<float>, kKernel<double>, kKernel<std::int32_t>);
}

}  // namespace weft::WEFT_ISA
