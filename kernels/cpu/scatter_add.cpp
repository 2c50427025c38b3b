#include "kernels/cpu/scatter.h"

#include <cstring>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = 0, then out[.., idx_1[c], .., idx_g[c]] += dy[c]; inputs idx_1, .., idx_g, dy; groups {dims of dy,
// gathered dims}; numbers: {elements of the output, which is dense}.
template <class T>
Scatter<T> scatter_of(const KernelCall& call) {
  const std::size_t count = call.inputs.size() - 1;
  return Scatter<T>(call.output, call.inputs[count], call.inputs.first(count), call.params->groups[0]);
}

template <class T>
void scatter_add(const KernelCall& call) {
  const auto elements = static_cast<std::int64_t>(call.params->numbers[0]);
  call.workers->for_each_range(elements, 16 * kGrain, [&](std::int64_t begin, std::int64_t end) {
    std::memset(call.output.as<T>() + begin, 0, (end - begin) * sizeof(T));
  });
  scatter_of<T>(call).run(T(1), call.workspace, *call.workers);
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return scatter_of<T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&scatter_add<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::scatter_add(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
