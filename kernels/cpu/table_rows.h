#pragma once

#include "kernels/cpu/owners.h"
#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// The rows of a call that go to places on a table's axis: the call's space is {row dims, a row's elements,
/// the table's axis}, the table is the output.
class TableRows {
 public:
  struct Row {
    std::int64_t index;  // of the table; -1: outside of it
    std::byte* from;     // where the row that goes there is
  };

  static std::int64_t workspace_bytes(const KernelCall& call) {
    std::int64_t rows = 1;
    for (int d = 0; d < call.params->groups[0]; ++d) rows *= call.output.extents[d];
    return rows * static_cast<std::int64_t>(sizeof(Row)) + Owners::workspace_bytes(rows);
  }

  /// Lists them in the call's workspace. `x` has the rows; where there are indices alone, it is idx as well.
  TableRows(const KernelCall& call, const View& idx, const View& x)
      : call_(call), rows_(reinterpret_cast<Row*>(call.workspace)) {
    const Space<2> space = space_of<2>({&x, &idx}, 0, call.params->groups[0]);
    const std::int64_t places = call.output.extents[call.output.rank - 1];
    walk(space, {x.data, idx.data}, [&](const Pointers<2>& p, std::int64_t n) {
      const auto [from, at] = space.inner_strides();
      for (std::int64_t i = 0; i < n; ++i) {
        const std::int64_t index = *reinterpret_cast<const std::int32_t*>(p[1] + i * at);
        rows_[size_++] = {index >= 0 && index < places ? index : -1, p[0] + i * from};
      }
    });
  }

  /// f(row) for those within the table, one after the other.
  template <class F>
  void each(F&& f) const {
    for (std::int64_t r = 0; r < size_; ++r)
      if (rows_[r].index >= 0) f(rows_[r]);
  }

  /// The same, shared out to threads where there is enough to do: the rows of one index on one thread, in
  /// their order. `work`: how many elements' worth a row is.
  template <class F>
  void share(std::int64_t work, F&& f) const {
    if (size_ * work <= kGrain || call_.workers->size() == 1) {
      each(f);
      return;
    }
    const Owners owners(size_, reinterpret_cast<std::byte*>(rows_ + size_),
                        [&](std::int64_t r) { return rows_[r].index; });
    call_.workers->for_each_range(kOwners, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o)
        for (const std::int64_t* r = owners.begin(o); r != owners.end(o); ++r) f(rows_[*r]);
    });
  }

 private:
  const KernelCall& call_;
  Row* rows_;
  std::int64_t size_ = 0;
};

}  // namespace weft::WEFT_ISA
