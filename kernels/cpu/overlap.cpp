#include <algorithm>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {
namespace {

// out[c, p] = sum of x[c, i, j] over i stride + j dilation = p; groups {dims of c, 1, 1, 1}: then the whole
// axis, windows and offsets; numbers {stride, dilation}. Each place adds in the order of (i, j).
template <class T>
void overlap(const KernelCall& call) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  const View &out = call.output, &x = call.inputs[0];
  const int others = call.params->groups[0];
  const auto stride = static_cast<std::int64_t>(call.params->numbers[0]),
             dilation = static_cast<std::int64_t>(call.params->numbers[1]);
  const std::int64_t length = out.extents[others], windows = x.extents[others + 1],
                     offsets = x.extents[others + 2];
  const std::int64_t step = out.strides[others] * kSize, window_step = x.strides[others + 1] * kSize,
                     offset_step = x.strides[others + 2] * kSize;
  const std::array<const View*, 2> views{&out, &x};
  Space<2> space = space_of<2>(views, 0, others);
  order_by_first(space);
  const auto [to_step, from_step] = space.inner_strides();
  const auto add = [&](std::byte* to, const std::byte* from, std::int64_t n) {
    if (to_step == kSize && from_step == kSize) {
      auto* y = reinterpret_cast<T*>(to);
      const auto* v = reinterpret_cast<const T*>(from);
      WEFT_INDEPENDENT
      for (std::int64_t k = 0; k < n; ++k) y[k] += v[k];
    } else {
      for (std::int64_t k = 0; k < n; ++k)
        *reinterpret_cast<T*>(to + k * to_step) += *reinterpret_cast<const T*>(from + k * from_step);
    }
  };
  const std::int64_t each = length + windows * offsets;
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(each, 1));
  call.workers->for_each_range(space.size, grain, [&](std::int64_t begin, std::int64_t end) {
    walk(space, pointers_of<2>(views), begin, end, [&](const Pointers<2>& p, std::int64_t n) {
      for (std::int64_t i = 0; i < length; ++i)
        for (std::int64_t k = 0; k < n; ++k) *reinterpret_cast<T*>(p[0] + i * step + k * to_step) = T(0);
      for (std::int64_t i = 0; i < windows; ++i)
        for (std::int64_t j = 0; j < offsets; ++j) {
          const std::int64_t at = i * stride + j * dilation;
          if (at < length) add(p[0] + at * step, p[1] + i * window_step + j * offset_step, n);
        }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&overlap<T>, nullptr};

}  // namespace

const Kernel* table::overlap(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
