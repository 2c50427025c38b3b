#pragma once

#include <limits>

#include "kernels/cpu/lazy_table.h"

/// The kernels of optimizers that touch the rows of a table that have a gradient, and let the others lie.
namespace weft::WEFT_ISA {

/// Row idx[r] with the gradient rows[r], after what the row has missed; inputs as LazyTable has them, then
/// idx, rows, rate, scale; the space as TableRows has it. Where rate or scale is not finite, the step changes
/// nothing, and is kept as one that did.
template <class Update>
void update_rows(const KernelCall& call) {
  using T = typename Update::T;
  using Table = LazyTable<Update>;
  constexpr std::size_t kIndex = Table::kInputs, kOperands = Update::kStates + 2;
  const View& x = call.inputs[kIndex + 1];
  const T rate = *call.inputs[kIndex + 2].template as<T>(), scale = *call.inputs[kIndex + 3].template as<T>();
  const bool good = __builtin_isfinite(rate) && __builtin_isfinite(scale);
  Table table(call);
  const std::int32_t step = ++table.steps();
  table.rate(step) = good ? rate : std::numeric_limits<T>::quiet_NaN();
  if (good) {
    const TableRows rows(call, call.inputs[kIndex], x);
    const std::int64_t missed = table.prepare(rows, step - 1);
    const Update update = Update::step(call.params->numbers, rate, scale, step);
    auto views = first_operands<kOperands>(call);
    views.back() = &x;
    const Updated<T, kOperands> elements(
        space_of<kOperands>(views, call.params->groups[0], call.output.rank - 1));
    rows.share(elements.size() * (missed + 1), [&](const TableRows::Row& row) {
      if (table.last(row.index) == step) return;  // merge_rows has put the sum of its rows at the first one
      table.catch_up(row.index, step - 1);
      const auto state = table.row(row.index);
      Pointers<kOperands> data;
      std::copy(state.begin(), state.end(), data.begin());
      data.back() = row.from;
      elements.by(update, data);
      table.last(row.index) = step;
    });
  }
  if (step % table.most_missed() == 0) table.catch_up_all(step);
}

template <class Update>
inline constexpr Kernel kUpdateRows{&update_rows<Update>, &TableRows::workspace_bytes};

/// Rows idx[r] as of the last step, or all rows; inputs as LazyTable has them, then idx or nothing; the space
/// as TableRows has it. The dtype to choose by is that of integers, so the table's is looked at in the call.
template <template <class> class Update>
struct CatchUp {
  static constexpr std::size_t kIndex = LazyTable<Update<float>>::kInputs;

  static bool of_all_rows(const KernelCall& call) { return call.inputs.size() == kIndex; }

  template <class T>
  static void run_for(const KernelCall& call) {
    LazyTable<Update<T>> table(call);
    const std::int32_t step = table.steps();
    if (of_all_rows(call)) {
      table.catch_up_all(step);
      return;
    }
    const TableRows rows(call, call.inputs[kIndex], call.inputs[kIndex]);
    const std::int64_t missed = table.prepare(rows, step);
    if (missed > 0)
      rows.share(table.row_size() * missed,
                 [&](const TableRows::Row& row) { table.catch_up(row.index, step); });
  }

  static void run(const KernelCall& call) {
    if (call.output.dtype == DType::f32)
      run_for<float>(call);
    else
      run_for<double>(call);
  }

  static std::int64_t workspace_bytes(const KernelCall& call) {
    return of_all_rows(call) ? 0 : TableRows::workspace_bytes(call);
  }
};

template <template <class> class Update>
inline constexpr Kernel kCatchUp{&CatchUp<Update>::run, &CatchUp<Update>::workspace_bytes};

}  // namespace weft::WEFT_ISA
