#include "kernels/cpu/momentum.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::momentum(DType dtype) {
  return pick_real(dtype, kUpdateWhole<Momentum<float>>, kUpdateWhole<Momentum<double>>);
}

}  // namespace weft::WEFT_ISA
