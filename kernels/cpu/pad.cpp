#include <algorithm>
#include <cstring>

#include "kernels/cpu/copy.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

/// The bits of a value as an element of a dtype.
template <class T>
T filling(DType dtype, double value) {
  T bits{};
  const auto put = [&](auto element) { std::memcpy(&bits, &element, std::min(sizeof bits, sizeof element)); };
  if (dtype == DType::f32) put(static_cast<float>(value));
  if (dtype == DType::f64) put(value);
  return bits;
}

// out = fill everywhere but for positions offset .. offset + extent of x along the last dim, which take x.
// numbers: {offset, fill}; only reals have a fill other than 0.
template <class T>
void pad(const KernelCall& call) {
  const View& x = call.inputs[0];
  const int last = call.output.rank - 1;
  const std::int64_t step = call.output.strides[last] * static_cast<std::int64_t>(sizeof(T));
  const auto offset = static_cast<std::int64_t>(call.params->numbers[0]);
  T fill = filling<T>(call.output.dtype, call.params->numbers[1]);
  View around = call.output;
  around.data = reinterpret_cast<std::byte*>(&fill);
  around.strides.fill(0);
  const auto part = [&](const View& from, std::int64_t begin, std::int64_t length) {
    View to = call.output, source = from;
    to.data += begin * step;
    to.extents[last] = source.extents[last] = length;
    copy_view<T>(to, source, *call.workers);
  };
  const std::int64_t end = offset + x.extents[last];
  part(around, 0, offset);
  part(x, offset, x.extents[last]);
  part(around, end, call.output.extents[last] - end);
}

template <class T>
constexpr Kernel kKernel{&pad<T>, nullptr};

}  // namespace

const Kernel* table::pad(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
