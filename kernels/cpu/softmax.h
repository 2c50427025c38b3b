#pragma once

#include "kernels/cpu/class_rows.h"
#include "kernels/cpu/pick.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// Calls f(row of x, row of out) for each row; groups {rows, 1: the classes, last}.
template <class T, class F>
void for_each_class_row(const KernelCall& call, F&& f) {
  const View &out = call.output, &x = call.inputs[0];
  const int last = out.rank - 1;
  const std::int64_t n = x.extents[last];
  const std::int64_t to = out.strides[last] * size_of(out.dtype), from = x.strides[last] * size_of(x.dtype);
  const Space<2> rows = space_of<2>({&out, &x}, 0, last);
  if (n == 0) return;
  call.workers->for_each_range(rows.size, rows_grain(n), [&](std::int64_t begin, std::int64_t end) {
    walk(rows, {out.data, x.data}, begin, end, [&](const Pointers<2>& p, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i)
        f(ClassRow<T>(p[1] + i * rows.inner_strides()[1], from, n),
          ClassRowOut<T>(p[0] + i * rows.inner_strides()[0], to));
    });
  });
}

}  // namespace weft::WEFT_ISA
