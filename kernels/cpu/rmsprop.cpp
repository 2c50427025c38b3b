#include "kernels/cpu/rmsprop.h"

#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::rmsprop(DType dtype) {
  return pick_real(dtype, kUpdateWhole<RmsProp<float>>, kUpdateWhole<RmsProp<double>>);
}

}  // namespace weft::WEFT_ISA
