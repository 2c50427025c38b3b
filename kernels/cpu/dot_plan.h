#pragma once

#include <algorithm>
#include <array>

#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// How a call of `dot` becomes a batch of matrix products C[m, n] = sum_k A[m, k] B[k, n]. Depends on extents
/// and strides alone. Each group of dims is one dim of a matrix where an operand's strides allow it; an
/// operand whose don't is copied into the workspace first (the output: last).
class DotPlan {
 public:
  enum Operand { kOut, kA, kB };
  /// One operand as a stack of matrices: strides in elements, of rows (m or k), columns (k or n), and where
  /// it is copied to.
  struct Side {
    std::int64_t row = 0, column = 0;
    bool copied = false;
    View dense;               // the copy, seen over the call's dims; its data is not set
    std::int64_t offset = 0;  // of the copy in the workspace, bytes
  };

  explicit DotPlan(const KernelCall& call) {
    const auto& groups = call.params->groups;
    const std::array<const View*, 3> views{&call.output, &call.inputs[0], &call.inputs[1]};
    int first = 0;
    for (int g = 0; g < 4; ++g) {
      group_[g] = Group{first, groups[g]};
      first += groups[g];
    }
    for (int d = 0; d < first; ++d) {
      order_[d] = d;
      // each axis has its extent where an operand has the axis; all views show it
      extent_[d] = call.output.extents[d];
    }
    sort(group_[1], call.output);
    sort(group_[2], call.output);
    sort(group_[3], call.inputs[0]);
    m = extent(group_[1]);
    n = extent(group_[2]);
    k = extent(group_[3]);
    std::int64_t offset = 0;
    describe(kOut, call.output, 1, 2, offset);
    describe(kA, call.inputs[0], 1, 3, offset);
    describe(kB, call.inputs[1], 3, 2, offset);
    workspace_bytes = offset;
    for (int d = 0; d < groups[0]; ++d) {
      std::array<std::int64_t, 3> strides;
      for (std::size_t i = 0; i < 3; ++i)
        strides[i] = (side[i].copied ? side[i].dense : *views[i]).strides[d] * size_of(call.output.dtype);
      append(batch, extent_[d], strides);
    }
    close(batch);
  }

  std::int64_t m = 1, n = 1, k = 1;
  std::array<Side, 3> side;  // by Operand
  Space<3> batch;            // out, a, b: the copies where there are some
  std::int64_t workspace_bytes = 0;

 private:
  struct Group {
    int first = 0, count = 0;
  };

  std::int64_t extent(Group g) const {
    std::int64_t e = 1;
    for (int i = 0; i < g.count; ++i) e *= extent_[g.first + i];
    return e;
  }

  /// The dims of a group in the order in which they lie in `view`, so that they join into one more often.
  void sort(Group g, const View& view) {
    const auto stride = [&](int d) { return view.strides[d] < 0 ? -view.strides[d] : view.strides[d]; };
    for (int i = 1; i < g.count; ++i)
      for (int j = g.first + i; j > g.first && stride(order_[j - 1]) < stride(order_[j]); --j)
        std::swap(order_[j - 1], order_[j]);
  }

  /// The stride with which the dims of a group can be walked as one; false where there is none.
  bool join(Group g, const View& view, std::int64_t& stride) const {
    std::int64_t length = 1;
    stride = 0;
    for (int i = g.first + g.count - 1; i >= g.first; --i) {
      const std::int64_t e = extent_[order_[i]], s = view.strides[order_[i]];
      if (e == 1) continue;
      if (length == 1)
        stride = s;
      else if (s != stride * length)
        return false;
      length *= e;
    }
    return true;
  }

  void describe(Operand which, const View& view, int rows, int columns, std::int64_t& offset) {
    Side& s = side[which];
    if (join(group_[rows], view, s.row) && join(group_[columns], view, s.column)) return;
    s.copied = true;
    s.offset = offset;
    s.dense = view;
    s.dense.extents.fill(1);
    std::int64_t stride = 1;
    const auto take = [&](int which_group) {
      const Group g = group_[which_group];
      for (int i = g.first + g.count - 1; i >= g.first; --i) {
        const int d = order_[i];
        const bool has = which_group != 0 || view.strides[d] != 0;  // an operand need not have all batch axes
        s.dense.extents[d] = has ? extent_[d] : 1;
        s.dense.strides[d] = has ? stride : 0;
        if (has) stride *= extent_[d];
      }
    };
    s.dense.strides.fill(0);
    take(columns);
    s.column = 1;
    s.row = extent(group_[columns]);
    take(rows);
    take(0);
    offset += (stride * size_of(view.dtype) + 63) / 64 * 64;
  }

  std::array<Group, 4> group_;
  std::array<int, kMaxRank> order_;
  std::array<std::int64_t, kMaxRank> extent_;
};

}  // namespace weft::WEFT_ISA
