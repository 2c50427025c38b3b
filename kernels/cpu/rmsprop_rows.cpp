#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/rmsprop.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::rmsprop_rows(DType dtype) {
  return pick_real(dtype, kUpdateRows<RmsProp<float>>, kUpdateRows<RmsProp<double>>);
}

}  // namespace weft::WEFT_ISA
