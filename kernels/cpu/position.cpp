#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = the coordinate along the last dim.
void position(const KernelCall& call) {
  const View& out = call.output;
  const Space<1> others = space_of<1>({&out}, 0, out.rank - 1);
  const std::int64_t n = out.extents[out.rank - 1], stride = out.strides[out.rank - 1];
  if (n == 0) return;
  const std::int64_t grain = kGrain / n + 1;
  call.workers->for_each_range(others.size, grain, [&](std::int64_t begin, std::int64_t end) {
    walk(others, {out.data}, begin, end, [&](const Pointers<1>& p, std::int64_t rows) {
      for (std::int64_t r = 0; r < rows; ++r) {
        auto* row = reinterpret_cast<std::int32_t*>(p[0] + r * others.inner_strides()[0]);
        for (std::int64_t i = 0; i < n; ++i) row[i * stride] = static_cast<std::int32_t>(i);
      }
    });
  });
}

constexpr Kernel kKernel{&position, nullptr};

}  // namespace

const Kernel* table::position(DType dtype) {
  return dtype == DType::i32 ? &kKernel : nullptr;
}

}  // namespace weft::WEFT_ISA
