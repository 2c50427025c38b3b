#include "kernels/cpu/copy.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = 0 everywhere but for positions offset .. offset + extent of x along the last dim, which take x.
// numbers: {offset}.
template <class T>
void pad(const KernelCall& call) {
  const View& x = call.inputs[0];
  const int last = call.output.rank - 1;
  const std::int64_t step = call.output.strides[last] * static_cast<std::int64_t>(sizeof(T));
  const auto offset = static_cast<std::int64_t>(call.params->numbers[0]);
  T zero{};
  View zeros = call.output;
  zeros.data = reinterpret_cast<std::byte*>(&zero);
  zeros.strides.fill(0);
  const auto part = [&](const View& from, std::int64_t begin, std::int64_t length) {
    View to = call.output, source = from;
    to.data += begin * step;
    to.extents[last] = source.extents[last] = length;
    copy_view<T>(to, source, *call.workers);
  };
  const std::int64_t end = offset + x.extents[last];
  part(zeros, 0, offset);
  part(x, offset, x.extents[last]);
  part(zeros, end, call.output.extents[last] - end);
}

template <class T>
constexpr Kernel kKernel{&pad<T>, nullptr};

}  // namespace

const Kernel* table::pad(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
