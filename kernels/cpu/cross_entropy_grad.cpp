#include <algorithm>
#include <cmath>

#include "kernels/cpu/class_rows.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
void scaled_exp(T* y, const T* x, T shift, T less, T factor, std::int64_t n) {
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = (math::exp(x[i] - shift) - less) * factor;
}

// out_i = (exp(x_i - lse) - p_i) * dy, lse = loss + sum_j p_j x_j, where p is 1 at the target and 0
// elsewhere, smoothed by s: (1 - s) p + s / n; inputs target, logits, loss, dy; groups {rows, 1: the classes,
// last}; numbers as in Targets. A row whose target is ignored gets 0, one whose target is no class NaN.
template <class T>
void cross_entropy_grad(const KernelCall& call) {
  const View &target = call.inputs[0], &x = call.inputs[1], &loss = call.inputs[2], &dy = call.inputs[3];
  const int last = x.rank - 1;
  const std::int64_t n = x.extents[last], from = x.strides[last] * size_of(x.dtype),
                     to = call.output.strides[last] * size_of(x.dtype);
  const std::array<const View*, 5> views{&x, &call.output, &target, &loss, &dy};
  const Space<5> rows = space_of<5>(views, 0, last);
  const Targets targets(call);
  const auto everywhere = static_cast<T>(targets.smoothing / static_cast<double>(n));
  const auto at_target_more = static_cast<T>(1 - targets.smoothing);
  call.workers->for_each_range(rows.size, rows_grain(n), [&](std::int64_t begin, std::int64_t end) {
    walk(rows, pointers_of<5>(views), begin, end, [&](Pointers<5> p, std::int64_t count) {
      for (; count > 0; --count) {
        const ClassRow<T> row(p[0], from, n);
        const ClassRowOut<T> out(p[1], to);
        const std::int64_t t = *reinterpret_cast<const std::int32_t*>(p[2]);
        const T factor = *reinterpret_cast<const T*>(p[4]);
        const bool ignored = targets.ignore(t), valid = t >= 0 && t < n;
        T lse = valid ? *reinterpret_cast<const T*>(p[3]) + targets.expected(row, t)
                      : static_cast<T>(__builtin_nan(""));
        if (valid && lse != lse) {  // a class that can't be has -inf; taken from infinity it would be NaN
          const T top = row.max();
          lse = top + static_cast<T>(std::log(row.sum_exp(top)));
        }
        row.for_each_chunk([&](std::int64_t first, const T* values, std::int64_t m) {
          out.write(first, m, [&](T* y) {
            if (ignored) {
              std::fill_n(y, m, T(0));
              return;
            }
            const bool here = t >= first && t < first + m;
            const T at_target =
                here ? math::exp(values[t - first] - lse) - at_target_more - everywhere : T(0);
            scaled_exp(y, values, lse, everywhere, factor, m);
            if (here) y[t - first] = at_target * factor;
          });
        });
        for (std::size_t k = 0; k < 5; ++k) p[k] += rows.inner_strides()[k];
      }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&cross_entropy_grad<T>, nullptr};

}  // namespace

const Kernel* table::cross_entropy_grad(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
