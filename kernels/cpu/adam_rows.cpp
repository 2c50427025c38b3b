#include <limits>

#include "kernels/cpu/adam_table.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// Adam of row idx[r] with the gradient rows[r], after what the row has missed; inputs param, m, v, last,
// rates, steps (written in place), idx, rows, rate, scale; the space as TableRows has it, numbers as Adam.
// Where rate or scale is not finite, the step changes nothing, and is kept as one that did.
template <class T>
void adam_rows(const KernelCall& call) {
  const View& x = call.inputs[7];
  const T rate = *call.inputs[8].as<T>(), scale = *call.inputs[9].as<T>();
  const bool good = __builtin_isfinite(rate) && __builtin_isfinite(scale);
  AdamTable<T> table(call);
  const std::int32_t step = ++table.steps();
  table.rate(step) = good ? rate : std::numeric_limits<T>::quiet_NaN();
  if (good) {
    const TableRows rows(call, call.inputs[6], x);
    const std::int64_t missed = table.prepare(rows, step - 1);
    const auto update = Adam<T>::step(call.params->numbers, rate, scale, step);
    const Updated<T, 4> elements(space_of<4>({&call.output, &call.inputs[1], &call.inputs[2], &x},
                                             call.params->groups[0], call.output.rank - 1));
    rows.share(elements.size() * (missed + 1), [&](const TableRows::Row& row) {
      if (table.last(row.index) == step) return;  // merge_rows has put the sum of its rows at the first one
      table.catch_up(row.index, step - 1);
      const auto [w, m, v] = table.row(row.index);
      elements.by(update, {w, m, v, row.from});
      table.last(row.index) = step;
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
