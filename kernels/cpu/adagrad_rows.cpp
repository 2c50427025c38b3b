#include <cmath>

#include "kernels/cpu/owners.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

std::int64_t row_count(const KernelCall& call) {
  std::int64_t rows = 1;
  for (int d = 0; d < call.params->groups[0]; ++d) rows *= call.output.extents[d];
  return rows;
}

// For each row r: sum[idx[r]] += g^2, param[idx[r]] -= rate g / (sqrt(sum) + epsilon) with g = scale rows[r];
// inputs param, sum (written in place), idx, rows, rate, scale; groups {row dims, dims of a row's elements,
// 1: the table's axis}; numbers {epsilon}. Rows outside the table change nothing, nor does a rate or scale
// that is not finite.
template <class T>
void adagrad_rows(const KernelCall& call) {
  const View &w = call.output, &sum = call.inputs[1], &idx = call.inputs[2], &x = call.inputs[3];
  const T rate = *call.inputs[4].as<T>(), scale = *call.inputs[5].as<T>();
  if (!__builtin_isfinite(rate) || !__builtin_isfinite(scale)) return;
  const auto epsilon = static_cast<T>(call.params->numbers[0]);
  const int split = call.params->groups[0], axis = split + call.params->groups[1];
  const Space<2> rows = space_of<2>({&x, &idx}, 0, split);
  const Space<3> elements = space_of<3>({&w, &sum, &x}, split, axis);
  if (rows.size == 0 || elements.size == 0) return;
  const std::int64_t w_step = w.strides[axis] * size_of(w.dtype),
                     s_step = sum.strides[axis] * size_of(w.dtype);
  const auto [w_stride, s_stride, x_stride] = elements.inner_strides();
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
  const bool dense = w_stride == kSize && s_stride == kSize && x_stride == kSize;
  const auto step = [rate, scale, epsilon](T& param, T& total, T grad) {
    const T g = scale * grad;
    total += g * g;
    param -= rate * g / (std::sqrt(total) + epsilon);
  };
  const auto row = [&](std::byte* from, std::int64_t index) {
    walk(elements, {w.data + index * w_step, sum.data + index * s_step, from},
         [&](const Pointers<3>& p, std::int64_t n) {
           if (dense) {
             T *a = reinterpret_cast<T*>(p[0]), *b = reinterpret_cast<T*>(p[1]);
             const T* c = reinterpret_cast<const T*>(p[2]);
             WEFT_INDEPENDENT
             for (std::int64_t i = 0; i < n; ++i) step(a[i], b[i], c[i]);
           } else {
             for (std::int64_t i = 0; i < n; ++i)
               step(*reinterpret_cast<T*>(p[0] + i * w_stride), *reinterpret_cast<T*>(p[1] + i * s_stride),
                    *reinterpret_cast<const T*>(p[2] + i * x_stride));
           }
         });
  };
  struct Row {
    std::int64_t index;
    std::byte* from;
  };
  auto* all = reinterpret_cast<Row*>(call.workspace);
  std::int64_t r = 0;
  walk(rows, {x.data, idx.data}, [&](const Pointers<2>& p, std::int64_t n) {
    const auto [from, at] = rows.inner_strides();
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t index = *reinterpret_cast<const std::int32_t*>(p[1] + i * at);
      all[r++] = {index >= 0 && index < w.extents[axis] ? index : -1, p[0] + i * from};
    }
  });
  if (rows.size * elements.size <= kGrain) {
    for (std::int64_t i = 0; i < r; ++i)
      if (all[i].index >= 0) row(all[i].from, all[i].index);
    return;
  }
  const Owners owners(rows.size, call.workspace + rows.size * static_cast<std::int64_t>(sizeof(Row)),
                      [&](std::int64_t i) { return all[i].index; });
  call.workers->for_each_range(kOwners, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o)
      for (const std::int64_t* i = owners.begin(o); i != owners.end(o); ++i) row(all[*i].from, all[*i].index);
  });
}

std::int64_t workspace_bytes(const KernelCall& call) {
  const std::int64_t rows = row_count(call);
  return rows * 16 + Owners::workspace_bytes(rows);
}

template <class T>
constexpr Kernel kKernel{&adagrad_rows<T>, &workspace_bytes};

}  // namespace

const Kernel* table::adagrad_rows(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
