#include "kernels/cpu/pick.h"
#include "kernels/cpu/scatter.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// table[.., idx_1[c], .., idx_g[c]] = value[c]; inputs table, idx_1, .., idx_g, value; the output is the
// table's memory; groups {row dims, gathered dims}. Indices outside their axes write nothing.
template <class T>
Scatter<T> scatter_of(const KernelCall& call) {
  const std::size_t count = call.inputs.size() - 2;
  return Scatter<T>(call.output, call.inputs.back(), call.inputs.subspan(1, count), call.params->groups[0]);
}

template <class T>
void assign_at(const KernelCall& call) {
  scatter_of<T>(call).write(call.workspace, *call.workers);
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return scatter_of<T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&assign_at<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::assign_at(DType dtype) {
  return pick_size(dtype, kKernel<std::uint8_t>, kKernel<std::uint32_t>, kKernel<std::uint64_t>);
}

}  // namespace weft::WEFT_ISA
