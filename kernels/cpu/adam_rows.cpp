#include "kernels/cpu/adam.h"
#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::adam_rows(DType dtype) {
  return pick_real(dtype, kUpdateRows<Adam<float>>, kUpdateRows<Adam<double>>);
}

}  // namespace weft::WEFT_ISA
