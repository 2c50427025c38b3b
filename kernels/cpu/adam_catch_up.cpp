#include "kernels/cpu/adam_table.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/table_rows.h"

namespace weft::WEFT_ISA {
namespace {

// Rows idx[r] as of `step`, or all rows; inputs param, m, v, last (written in place), rates, then idx or
// nothing, and step; the space as TableRows has it, numbers as Adam.
template <class T>
void adam_catch_up(const KernelCall& call) {
  const auto step = static_cast<std::int64_t>(*call.inputs.back().as<T>());
  AdamTable<T> table(call);
  if (call.inputs.size() == 6) {
    table.catch_up_all(step);
    return;
  }
  const TableRows rows(call, call.inputs[5], call.inputs[5]);
  std::int64_t from = step;
  rows.each([&](const TableRows::Row& row) { from = std::min(from, table.last(row.index)); });
  if (from == step) return;
  table.prepare(from, step);
  rows.share(table.row_size() * (step - from),
             [&](const TableRows::Row& row) { table.catch_up(row.index, step); });
}

std::int64_t workspace_bytes(const KernelCall& call) {
  return call.inputs.size() == 6 ? 0 : TableRows::workspace_bytes(call);
}

template <class T>
constexpr Kernel kKernel{&adam_catch_up<T>, &workspace_bytes};

}  // namespace

const Kernel* table::adam_catch_up(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
