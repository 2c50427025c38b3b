#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/momentum.h"
#include "kernels/cpu/pick.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::momentum_rows(DType dtype) {
  return pick_real(dtype, kUpdateRows<Momentum<float>>, kUpdateRows<Momentum<double>>);
}

}  // namespace weft::WEFT_ISA
