#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/momentum.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::momentum_catch_up(DType dtype) {
  return dtype == DType::i32 ? &kCatchUp<Momentum> : nullptr;
}

}  // namespace weft::WEFT_ISA
