#include <cstring>

#include "kernels/cpu/buffered.h"
#include "kernels/cpu/indices.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out[c] = table[c, idx_1[c], .., idx_g[c]]; groups {dims of the output, gathered dims}; inputs table, idx_1,
// .., idx_g. 0 where an index is outside its axis.
template <class T>
void gather(const KernelCall& call) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  const View& table = call.inputs[0];
  const int dims = call.params->groups[0];
  const Indices indices(table, dims, call.inputs.subspan(1));
  const Indexed operands(call.output, table, call.inputs.subspan(1), dims);
  const auto& strides = operands.space.inner_strides();
  const std::int64_t to = strides[0], from = strides[1];
  const bool rows = operands.has_rows(indices.count());
  const auto row = [&](const Pointers<kIndexed>& p, std::int64_t n) {
    const std::int64_t offset = indices.offset(&p[2]);
    const T zero{};
    const std::byte* source = offset < 0 ? reinterpret_cast<const std::byte*>(&zero) : p[1] + offset;
    const std::int64_t step = offset < 0 ? 0 : from;
    if (to != kSize) {
      for (std::int64_t i = 0; i < n; ++i) std::memcpy(p[0] + i * to, source + i * step, sizeof(T));
    } else if (step == kSize) {
      std::memcpy(p[0], source, n * sizeof(T));
    } else {
      load_strided(reinterpret_cast<T*>(p[0]), source, step, n);
    }
  };
  // Nothing is asked for ahead: no copy waits for another, so the processor has several under way by itself.
  call.workers->for_each_range(operands.space.size, kGrain, [&](std::int64_t begin, std::int64_t end) {
    walk(operands.space, operands.data, begin, end, [&](Pointers<kIndexed> p, std::int64_t n) {
      if (rows) return row(p, n);
      for (std::int64_t i = 0; i < n; ++i) {
        row(p, 1);
        for (std::size_t k = 0; k < 2 + indices.count(); ++k) p[k] += strides[k];
      }
    });
  });
}

// The dtype to choose by is the indices', so the table's size is looked at in the call.
void gather_any(const KernelCall& call) {
  switch (size_of(call.output.dtype)) {
    case 1:
      return gather<std::uint8_t>(call);
    case 4:
      return gather<std::uint32_t>(call);
    default:
      return gather<std::uint64_t>(call);
  }
}

constexpr Kernel kKernel{&gather_any, nullptr};

}  // namespace

const Kernel* table::gather(DType dtype) {
  return dtype == DType::i32 ? &kKernel : nullptr;
}

}  // namespace weft::WEFT_ISA
