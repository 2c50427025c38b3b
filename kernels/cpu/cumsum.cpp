#include <algorithm>

#include "kernels/cpu/pick.h"
#include "kernels/cpu/space.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

/// Rows that are added up side by side.
constexpr std::int64_t kRows = 64;
/// Of rows whose elements lie side by side so many, as one addition has to wait for the one before.
constexpr std::int64_t kChains = 8;

/// The next `Chains` rows, `to` and `from` elements apart, each dense and walked by `sign`.
template <std::int64_t Chains, class T>
void add_up(T* y, const T* x, std::int64_t to, std::int64_t from, std::int64_t n, std::int64_t sign) {
  double total[Chains] = {};
  for (std::int64_t t = 0; t < n; ++t) {
    WEFT_UNROLL
    for (std::int64_t i = 0; i < Chains; ++i) {
      total[i] += static_cast<double>(x[i * from + sign * t]);
      y[i * to + sign * t] = static_cast<T>(total[i]);
    }
  }
}

// out_t = x_0 + ... + x_t along the last dim; groups {others, 1: the axis}; numbers {1: from the other end}.
// Sums are kept in double, so a long one of floats loses nothing.
template <class T>
void cumsum(const KernelCall& call) {
  const View &x = call.inputs[0], &out = call.output;
  const int last = out.rank - 1;
  const std::int64_t n = out.extents[last];
  const bool reverse = call.params->numbers[0] != 0;
  const std::int64_t sign = reverse ? -1 : 1, start = reverse ? n - 1 : 0;
  const std::int64_t to = out.strides[last] * size_of(out.dtype), from = x.strides[last] * size_of(x.dtype);
  const Space<2> rows = space_of<2>({&out, &x}, 0, last);
  if (n == 0) return;
  const auto [row_to, row_from] = rows.inner_strides();
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / n);
  call.workers->for_each_range(rows.size, grain, [&](std::int64_t begin, std::int64_t end) {
    walk(rows, {out.data, x.data}, begin, end, [&](const Pointers<2>& p, std::int64_t count) {
      for (std::int64_t first = 0; first < count; first += kRows) {
        const std::int64_t m = std::min(kRows, count - first);
        std::byte* y_row = p[0] + first * row_to + start * to;
        const std::byte* x_row = p[1] + first * row_from + start * from;
        constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
        if (to == kSize && from == kSize && row_to % kSize == 0 && row_from % kSize == 0) {
          T* a = reinterpret_cast<T*>(y_row);
          const T* b = reinterpret_cast<const T*>(x_row);
          const std::int64_t a_step = row_to / kSize, b_step = row_from / kSize;
          std::int64_t i = 0;
          for (; i + kChains <= m; i += kChains)
            add_up<kChains>(a + i * a_step, b + i * b_step, a_step, b_step, n, sign);
          for (; i < m; ++i) add_up<1>(a + i * a_step, b + i * b_step, a_step, b_step, n, sign);
          continue;
        }
        double total[kRows] = {};
        for (std::int64_t t = 0; t < n; ++t) {
          std::byte* y = y_row + sign * t * to;
          const std::byte* v = x_row + sign * t * from;
          if (row_to == static_cast<std::int64_t>(sizeof(T)) && row_from == row_to) {
            T* a = reinterpret_cast<T*>(y);
            const T* b = reinterpret_cast<const T*>(v);
            WEFT_INDEPENDENT
            for (std::int64_t i = 0; i < m; ++i) {
              total[i] += static_cast<double>(b[i]);
              a[i] = static_cast<T>(total[i]);
            }
          } else {
            for (std::int64_t i = 0; i < m; ++i) {
              total[i] += static_cast<double>(*reinterpret_cast<const T*>(v + i * row_from));
              *reinterpret_cast<T*>(y + i * row_to) = static_cast<T>(total[i]);
            }
          }
        }
      }
    });
  });
}

template <class T>
constexpr Kernel kKernel{&cumsum<T>, nullptr};

}  // namespace

const Kernel* table::cumsum(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
