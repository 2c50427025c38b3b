#include <cmath>

#include "kernels/cpu/class_rows.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out = log sum_j exp(x_j) - x_target for each row; inputs target, logits; groups {rows, 1: the classes,
// last}; numbers as in Targets. 0 where the target is ignored, NaN where it is no class.
template <class T>
void cross_entropy(const KernelCall& call) {
  const View &target = call.inputs[0], &x = call.inputs[1];
  const int last = x.rank - 1;
  const std::int64_t n = x.extents[last], stride = x.strides[last] * size_of(x.dtype);
  const std::array<const View*, 3> views{&x, &call.output, &target};
  const Space<3> rows = space_of<3>(views, 0, last);
  const Targets targets(call);
  call.workers->for_each_range(rows.size, rows_grain(n), [&](std::int64_t begin, std::int64_t end) {
    walk(rows, pointers_of<3>(views), begin, end, [&](Pointers<3> p, std::int64_t count) {
      for (; count > 0; --count) {
        const ClassRow<T> row(p[0], stride, n);
        const std::int64_t t = *reinterpret_cast<const std::int32_t*>(p[2]);
        T loss = static_cast<T>(__builtin_nan(""));
        if (targets.ignore(t)) {
          loss = 0;
        } else if (t >= 0 && t < n) {
          const T top = row.max();
          loss = (top - targets.expected(row, t)) + static_cast<T>(std::log(row.sum_exp(top)));
        }
        *reinterpret_cast<T*>(p[1]) = loss;
        for (std::size_t k = 0; k < 3; ++k) p[k] += rows.inner_strides()[k];
      }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&cross_entropy<T>, nullptr};

}  // namespace

const Kernel* table::cross_entropy(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
