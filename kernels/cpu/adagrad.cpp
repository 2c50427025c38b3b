#include "kernels/cpu/adagrad.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::adagrad(DType dtype) {
  return pick_real(dtype, kUpdateWhole<AdaGrad<float>>, kUpdateWhole<AdaGrad<double>>);
}

}  // namespace weft::WEFT_ISA
