#include <cmath>

#include "kernels/cpu/softmax.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

template <class T>
void subtract(T* y, const T* x, T a, T b, std::int64_t n) {
  WEFT_INDEPENDENT
  for (std::int64_t i = 0; i < n; ++i) y[i] = x[i] - a - b;
}

// out_i = x_i - max x - log sum_j exp(x_j - max x) over the last dim. A row of nothing but -infinity gives
// NaN.
template <class T>
void log_softmax(const KernelCall& call) {
  for_each_class_row<T>(call, [](const ClassRow<T>& x, const ClassRowOut<T>& out) {
    const T top = x.max();
    const T log_sum = static_cast<T>(std::log(x.sum_exp(top)));
    x.for_each_chunk([&](std::int64_t first, const T* values, std::int64_t m) {
      out.write(first, m, [=](T* y) { subtract(y, values, top, log_sum, m); });
    });
  });
}

template <class T>
constexpr Kernel kKernel{&log_softmax<T>, nullptr};

}  // namespace

const Kernel* table::log_softmax(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
