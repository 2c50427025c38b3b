#pragma once

#include <algorithm>
#include <array>

#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// How a call of `dot` becomes a batch of matrix products C[m, n] = sum_k A[m, k] B[k, n]. Depends on extents
/// and strides alone. Each group of dims is one dim of a matrix where an operand's strides allow it; an
/// operand whose don't is copied into the workspace first (the output: last), unless it is A and has runs of
/// places that lie evenly, as the windows of an image have: it is gathered from where it lies.
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
  /// The longest stretch of a dim of a matrix, from its end, whose places lie evenly.
  struct Run {
    std::int64_t length = 1, stride = 0;
  };

  /// `gathers`: whether A may be gathered.
  DotPlan(const KernelCall& call, bool gathers) {
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
    rows = run(group_[1], call.inputs[0]);
    columns = run(group_[3], call.inputs[0]);
    gathered = gathers && m > 1 && k > 0 && (rows.length < m || columns.length < k) &&
               ((columns.stride == 1 && columns.length >= kWorthGathering) ||
                (rows.stride == 1 && rows.length >= kWorthGathering));
    if (gathered) {
      side[kA].offset = offset;
      offset += ((m / rows.length + k / columns.length) * std::int64_t{8} + 63) / 64 * 64;
    } else {
      describe(kA, call.inputs[0], 1, 3, offset);
    }
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
  bool gathered = false;     // A is read by runs of its rows and columns instead of being copied
  Run rows, columns;         // of A
  Space<3> batch;            // out, a, b: the copies where there are some
  std::int64_t workspace_bytes = 0;

  /// Where the runs of A begin, in elements: those of its rows, then those of its columns.
  void list_runs(const View& a, std::int64_t* to) const {
    to = list_runs(group_[1], a, rows.length, to);
    list_runs(group_[3], a, columns.length, to);
  }

 private:
  static constexpr std::int64_t kWorthGathering = 8;

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

  /// How far the last dims of a group can be walked as one.
  Run run(Group g, const View& view) const {
    Run found;
    for (int i = g.first + g.count - 1; i >= g.first; --i) {
      const std::int64_t e = extent_[order_[i]], s = view.strides[order_[i]];
      if (e == 1) continue;
      if (found.length == 1)
        found.stride = s;
      else if (s != found.stride * found.length)
        break;
      found.length *= e;
    }
    return found;
  }

  /// The stride with which the dims of a group can be walked as one; false where there is none.
  bool join(Group g, const View& view, std::int64_t& stride) const {
    const Run found = run(g, view);
    stride = found.stride;
    return found.length == extent(g);
  }

  std::int64_t* list_runs(Group g, const View& view, std::int64_t length, std::int64_t* to) const {
    for (std::int64_t i = 0; i < extent(g); i += length) {
      std::int64_t rest = i, place = 0;
      for (int d = g.first + g.count - 1; d >= g.first; --d) {
        place += rest % extent_[order_[d]] * view.strides[order_[d]];
        rest /= extent_[order_[d]];
      }
      *to++ = place;
    }
    return to;
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
