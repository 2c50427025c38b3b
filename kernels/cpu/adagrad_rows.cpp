#include "kernels/cpu/adagrad.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/table_rows.h"

namespace weft::WEFT_ISA {
namespace {

// AdaGrad of row idx[r] of the table with the gradient rows[r]; inputs param, sum (written in place), idx,
// rows, rate, scale; the space as TableRows has it; numbers {epsilon}. Rows outside the table change nothing,
// nor does a rate or scale that is not finite.
template <class T>
void adagrad_rows(const KernelCall& call) {
  const View &w = call.output, &sum = call.inputs[1], &x = call.inputs[3];
  const T rate = *call.inputs[4].as<T>(), scale = *call.inputs[5].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto update = AdaGrad<T>::step(call.params->numbers, rate, scale, 0);
  const int axis = w.rank - 1;
  const Updated<T, 3> elements(space_of<3>({&w, &sum, &x}, call.params->groups[0], axis));
  const std::int64_t size = size_of(w.dtype);
  TableRows(call, call.inputs[2], x).share(elements.size(), [&](const TableRows::Row& row) {
    elements.by(update, {w.data + row.index * w.strides[axis] * size,
                         sum.data + row.index * sum.strides[axis] * size, row.from});
  });
}

template <class T>
constexpr Kernel kKernel{&adagrad_rows<T>, &TableRows::workspace_bytes};

}  // namespace

const Kernel* table::adagrad_rows(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
