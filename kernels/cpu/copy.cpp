#include "kernels/cpu/copy.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = x, whatever the strides of the two: how a transposition becomes real.
template <class T>
void copy(const KernelCall& call) {
  copy_view<T>(call.output, call.inputs[0], *call.workers);
}

template <class T>
constexpr Kernel kKernel{&copy<T>, nullptr};

}  // namespace

const Kernel* table::copy(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
