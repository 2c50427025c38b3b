#include "kernels/cpu/pick.h"
#include "kernels/cpu/scatter.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// param[idx[r]] -= rate * scale * rows[r]; inputs param, idx, rows, rate, scale; groups {row dims, dims of a
// row's elements, 1: the table's axis}. Nothing changes where rate or scale is not finite.
template <class T>
Scatter<T> scatter_of(const KernelCall& call) {
  const auto& groups = call.params->groups;
  return Scatter<T>(call.output, call.inputs[2], call.inputs.subspan(1, 1), groups[0] + groups[1]);
}

template <class T>
void sgd_rows(const KernelCall& call) {
  const T rate = *call.inputs[3].as<T>(), scale = *call.inputs[4].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  scatter_of<T>(call).run(-rate * scale, call.workspace, *call.workers);
}

template <class T>
std::int64_t workspace_bytes(const KernelCall& call) {
  return scatter_of<T>(call).workspace_bytes();
}

template <class T>
constexpr Kernel kKernel{&sgd_rows<T>, &workspace_bytes<T>};

}  // namespace

const Kernel* table::sgd_rows(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
