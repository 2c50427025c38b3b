#include "kernels/cpu/adam.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::adam(DType dtype) {
  return pick_real(dtype, kUpdateWhole<Adam<float>>, kUpdateWhole<Adam<double>>);
}

}  // namespace weft::WEFT_ISA
