#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "kernels/cpu/adam.h"
#include "kernels/cpu/table_rows.h"

namespace weft::WEFT_ISA {

/// A table whose rows Adam lets lie until they are wanted. Of a call: the output and inputs 1 to 5, which are
/// m, v, `last`, the step as of which a row is, `rates`, those of the last steps, and `steps`, how many there
/// have been. The table's axis is the space's last dim, after the dims of a row's elements.
template <class T>
class AdamTable {
 public:
  static constexpr std::int64_t kMostMissed = 64;

  explicit AdamTable(const KernelCall& call)
      : call_(call),
        axis_(call.output.rank - 1),
        elements_(
            space_of<3>({&call.output, &call.inputs[1], &call.inputs[2]}, call.params->groups[0], axis_)) {}

  std::int64_t rows() const { return call_.output.extents[axis_]; }
  std::int64_t row_size() const { return elements_.size(); }
  /// As many steps a row may miss.
  std::int64_t most_missed() const { return std::min(kMostMissed, rows()); }

  std::int32_t& steps() const { return *reinterpret_cast<std::int32_t*>(call_.inputs[5].data); }
  /// As of which step a row is.
  std::int32_t& last(std::int64_t row) const { return *reinterpret_cast<std::int32_t*>(address(3, row)); }
  /// Where the rate of a step is kept; NaN: the step changed nothing.
  T& rate(std::int64_t step) const { return *reinterpret_cast<T*>(address(4, step % most_missed())); }
  /// A row of the table, of m and of v.
  Pointers<3> row(std::int64_t row) const { return {address(0, row), address(1, row), address(2, row)}; }

  /// Makes ready for catch_up of these rows. How many steps the furthest behind has missed.
  std::int64_t prepare(const TableRows& rows, std::int64_t until) {
    std::int64_t from = until;
    rows.each([&](const TableRows::Row& row) { from = std::min<std::int64_t>(from, last(row.index)); });
    prepare(from, until);
    return until - from;
  }

  /// What a row has missed up to step `until`, made up for.
  void catch_up(std::int64_t index, std::int64_t until) const {
    if (last(index) >= until) return;
    for (std::int64_t s = std::max<std::int64_t>(last(index) + 1, first_); s <= until; ++s) {
      const Adam<T>& update = missed_[static_cast<std::size_t>(s - first_)];
      if (__builtin_isfinite(update.rate)) elements_.by(update, row(index));
    }
    last(index) = static_cast<std::int32_t>(until);
  }

  /// The same for all rows.
  void catch_up_all(std::int64_t until) {
    prepare(0, until);
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, row_size()));
    call_.workers->for_each_range(rows(), grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) catch_up(row, until);
    });
  }

 private:
  std::byte* address(std::size_t input, std::int64_t row) const {
    const View& view = input == 0 ? call_.output : call_.inputs[input];
    return view.data + row * view.strides[axis_] * size_of(view.dtype);
  }

  /// The steps after `from`, of which no more are known than a row may miss.
  void prepare(std::int64_t from, std::int64_t until) {
    first_ = std::max(from, until - most_missed()) + 1;
    for (std::int64_t s = first_; s <= until; ++s)
      missed_[static_cast<std::size_t>(s - first_)] =
          Adam<T>::step(call_.params->numbers, rate(s), T(1), static_cast<double>(s));
  }

  const KernelCall& call_;
  int axis_;
  Updated<T, 3> elements_;
  std::int64_t first_ = 1;  // the first of missed_
  std::array<Adam<T>, kMostMissed> missed_;
};

}  // namespace weft::WEFT_ISA
