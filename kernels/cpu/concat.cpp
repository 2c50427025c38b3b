#include "kernels/cpu/copy.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = the inputs one after the other along the last dim, where each has an extent of its own.
template <class T>
void concat(const KernelCall& call) {
  const int last = call.output.rank - 1;
  View part = call.output;
  for (const View& input : call.inputs) {
    part.extents[last] = input.extents[last];
    copy_view<T>(part, input, *call.workers);
    part.data += input.extents[last] * part.strides[last] * static_cast<std::int64_t>(sizeof(T));
  }
}

template <class T>
constexpr Kernel kKernel{&concat<T>, nullptr};

}  // namespace

const Kernel* table::concat(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
