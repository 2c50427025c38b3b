#include "kernels/cpu/adam_table.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

bool of_all_rows(const KernelCall& call) {
  return call.inputs.size() == 6;
}

template <class T>
void catch_up(const KernelCall& call) {
  AdamTable<T> table(call);
  const std::int32_t step = table.steps();
  if (of_all_rows(call)) {
    table.catch_up_all(step);
    return;
  }
  const TableRows rows(call, call.inputs[6], call.inputs[6]);
  const std::int64_t missed = table.prepare(rows, step);
  if (missed > 0)
    rows.share(table.row_size() * missed,
               [&](const TableRows::Row& row) { table.catch_up(row.index, step); });
}

// Rows idx[r] as of the last step, or all rows; inputs param, m, v, last (written in place), rates, steps,
// then idx or nothing; the space as TableRows has it, numbers as Adam. The dtype to choose by is that of
// integers, so the table's is looked at in the call.
void adam_catch_up(const KernelCall& call) {
  if (call.output.dtype == DType::f32)
    catch_up<float>(call);
  else
    catch_up<double>(call);
}

std::int64_t workspace_bytes(const KernelCall& call) {
  return of_all_rows(call) ? 0 : TableRows::workspace_bytes(call);
}

constexpr Kernel kKernel{&adam_catch_up, &workspace_bytes};

}  // namespace

const Kernel* table::adam_catch_up(DType dtype) {
  return dtype == DType::i32 ? &kKernel : nullptr;
}

}  // namespace weft::WEFT_ISA
