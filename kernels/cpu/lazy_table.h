#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "kernels/cpu/table_rows.h"
#include "kernels/cpu/update.h"

namespace weft::WEFT_ISA {

/// A table whose rows an optimizer lets lie until they are wanted. Of a call: the output and the inputs after
/// the first, which are the optimizer's states, `last`, the step as of which a row is, `rates`, those of the
/// last steps, and `steps`, how many there have been. The table's axis is the space's last dim, after the
/// dims of a row's elements.
template <class Update>
class LazyTable {
 public:
  using T = typename Update::T;
  static constexpr std::int64_t kMostMissed = 64;
  static constexpr std::size_t kOperands = Update::kStates + 1;  // that have the table's elements
  static constexpr std::size_t kInputs = kOperands + 3;

  explicit LazyTable(const KernelCall& call)
      : call_(call),
        axis_(call.output.rank - 1),
        elements_(space_of<kOperands>(first_operands<kOperands>(call), call.params->groups[0], axis_)) {}

  std::int64_t rows() const { return call_.output.extents[axis_]; }
  std::int64_t row_size() const { return elements_.size(); }
  /// As many steps a row may miss.
  std::int64_t most_missed() const { return std::min(kMostMissed, rows()); }

  std::int32_t& steps() const { return *reinterpret_cast<std::int32_t*>(call_.inputs[kOperands + 2].data); }
  /// As of which step a row is.
  std::int32_t& last(std::int64_t row) const {
    return *reinterpret_cast<std::int32_t*>(address(call_.inputs[kOperands], row));
  }
  /// Where the rate of a step is kept; NaN: the step changed nothing.
  T& rate(std::int64_t step) const {
    return *reinterpret_cast<T*>(address(call_.inputs[kOperands + 1], step % most_missed()));
  }
  /// A row of the table and of the states.
  Pointers<kOperands> row(std::int64_t row) const {
    Pointers<kOperands> data{address(call_.output, row)};
    for (std::size_t k = 1; k < kOperands; ++k) data[k] = address(call_.inputs[k], row);
    return data;
  }

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
      const Missed& missed = missed_[static_cast<std::size_t>(s - first_)];
      if (missed.good) elements_.by(missed, row(index));
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
  /// A step in which a row had no gradient.
  struct Missed {
    Update update;
    bool good;

    template <class... States>
    void apply(T& param, States&... states) const {
      update.apply(param, states..., T(0));
    }
  };

  std::byte* address(const View& view, std::int64_t row) const {
    return view.data + row * view.strides[axis_] * size_of(view.dtype);
  }

  /// The steps after `from`, of which no more are known than a row may miss.
  void prepare(std::int64_t from, std::int64_t until) {
    first_ = std::max(from, until - most_missed()) + 1;
    for (std::int64_t s = first_; s <= until; ++s)
      missed_[static_cast<std::size_t>(s - first_)] = {
          Update::step(call_.params->numbers, rate(s), T(1), static_cast<double>(s)),
          static_cast<bool>(__builtin_isfinite(rate(s)))};
  }

  const KernelCall& call_;
  int axis_;
  Updated<T, kOperands> elements_;
  std::int64_t first_ = 1;  // the first of missed_
  std::array<Missed, kMostMissed> missed_;
};

}  // namespace weft::WEFT_ISA
