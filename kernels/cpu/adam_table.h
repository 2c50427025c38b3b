#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/cpu/adam.h"

namespace weft::WEFT_ISA {

/// A table whose rows Adam lets lie until they are wanted. Of a call: the output and inputs 1 to 4, which are
/// m, v, `last`, the step as of which a row is, and `rates`, those of the last steps. The table's axis is the
/// space's last dim, after the dims of a row's elements.
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

  /// As of which step a row is.
  std::int64_t last(std::int64_t row) const { return static_cast<std::int64_t>(at(3, row)); }
  void set_last(std::int64_t row, std::int64_t step) const { at(3, row) = static_cast<T>(step); }
  /// Where the rate of a step is kept; NaN: the step changed nothing.
  T& rate(std::int64_t step) const { return at(4, step % most_missed()); }

  /// A row of the table, of m and of v.
  Pointers<3> row(std::int64_t row) const {
    return {address(call_.output, row), address(call_.inputs[1], row), address(call_.inputs[2], row)};
  }

  /// Makes ready for catch_up of rows as of `from` or later.
  void prepare(std::int64_t from, std::int64_t until) {
    first_ = std::max({from, until - most_missed(), std::int64_t{0}}) + 1;
    for (std::int64_t s = first_; s <= until; ++s)
      missed_[static_cast<std::size_t>(s - first_)] =
          Adam<T>::step(call_.params->numbers, rate(s), T(1), static_cast<double>(s));
  }

  /// What a row has missed up to step `until`, made up for.
  void catch_up(std::int64_t index, std::int64_t until) const {
    if (last(index) >= until) return;
    for (std::int64_t s = std::max(last(index) + 1, first_); s <= until; ++s) {
      const Adam<T>& update = missed_[static_cast<std::size_t>(s - first_)];
      if (__builtin_isfinite(update.rate)) elements_.by(update, row(index));
    }
    set_last(index, until);
  }

  /// The same for all rows.
  void catch_up_all(std::int64_t until) {
    prepare(until - most_missed(), until);
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, row_size()));
    call_.workers->for_each_range(rows(), grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) catch_up(row, until);
    });
  }

 private:
  std::byte* address(const View& view, std::int64_t row) const {
    return view.data + row * view.strides[axis_] * static_cast<std::int64_t>(sizeof(T));
  }
  T& at(std::size_t input, std::int64_t row) const {
    return *reinterpret_cast<T*>(address(call_.inputs[input], row));
  }

  const KernelCall& call_;
  int axis_;
  Updated<T, 3> elements_;
  std::int64_t first_ = 1;  // the first of missed_
  std::array<Adam<T>, kMostMissed> missed_;
};

}  // namespace weft::WEFT_ISA
