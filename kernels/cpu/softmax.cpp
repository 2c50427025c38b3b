#include "kernels/cpu/softmax.h"

#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {
namespace {

// out_i = exp(x_i - max x) / sum_j exp(x_j - max x) over the last dim. A row of nothing but -infinity gives
// NaN.
template <class T>
void softmax(const KernelCall& call) {
  for_each_class_row<T>(call, [](const ClassRow<T>& x, const ClassRowOut<T>& out) {
    const T top = x.max();
    double sum = 0;
    x.for_each_chunk([&](std::int64_t first, const T* values, std::int64_t m) {
      out.write(first, m, [&](T* e) {
        ClassRow<T>::exp_into(e, values, top, m);
        sum += fold_block<Sum<T>>(e, m);
      });
    });
    out.scale(x.size(), static_cast<T>(1.0 / sum));
  });
}

template <class T>
constexpr Kernel kKernel{&softmax<T>, nullptr};

}  // namespace

const Kernel* table::softmax(DType dtype) {
  return pick_real(dtype, kKernel<float>, kKernel<double>);
}

}  // namespace weft::WEFT_ISA
