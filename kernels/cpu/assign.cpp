#include "kernels/cpu/copy.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// Inputs target, value: the output, which is the target's memory, takes the value.
template <class T>
void assign(const KernelCall& call) {
  copy_view<T>(call.output, call.inputs[1], *call.workers);
}

template <class T>
constexpr Kernel kKernel{&assign<T>, nullptr};

}  // namespace

const Kernel* table::assign(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
