#include "kernels/cpu/adam_table.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"
#include "kernels/cpu/table_rows.h"

namespace weft::WEFT_ISA {
namespace {

// Adam of row idx[r] with the gradient rows[r], after what the row has missed; inputs param, m, v, last,
// rates (written in place), idx, rows, rate, scale, step; the space as TableRows has it, numbers as Adam.
// Where rate or scale is not finite, the step changes nothing, and is kept as one that did.
template <class T>
void adam_rows(const KernelCall& call) {
  const View& x = call.inputs[6];
  const T rate = *call.inputs[7].as<T>(), scale = *call.inputs[8].as<T>();
  const auto step = static_cast<std::int64_t>(*call.inputs[9].as<T>());
  if (step < 1) return;
  const bool good = __builtin_isfinite(rate) && __builtin_isfinite(scale);
  AdamTable<T> table(call);
  table.rate(step) = good ? rate : std::numeric_limits<T>::quiet_NaN();
  if (good) {
    const TableRows rows(call, call.inputs[5], x);
    std::int64_t from = step - 1;
    rows.each([&](const TableRows::Row& row) { from = std::min(from, table.last(row.index)); });
    table.prepare(from, step - 1);
    const auto update = Adam<T>::step(call.params->numbers, rate, scale, static_cast<double>(step));
    const Updated<T, 4> elements(space_of<4>({&call.output, &call.inputs[1], &call.inputs[2], &x},
                                             call.params->groups[0], call.output.rank - 1));
    rows.share(elements.size() * (step - from), [&](const TableRows::Row& row) {
      if (table.last(row.index) >= step) return;  // merge_rows has put the sum of its rows at the first one
      table.catch_up(row.index, step - 1);
      const auto [w, m, v] = table.row(row.index);
      elements.by(update, {w, m, v, row.from});
      table.set_last(row.index, step);
    });
  }
  if (step % table.most_missed() == 0) table.catch_up_all(step);
}

template <class T>
constexpr Kernel kKernel{&adam_rows<T>, &TableRows::workspace_bytes};

}  // namespace

const Kernel* table::adam_rows(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
