#include "kernels/cpu/adam.h"
#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::adam_catch_up(DType dtype) {
  return dtype == DType::i32 ? &kCatchUp<Adam> : nullptr;
}

}  // namespace weft::WEFT_ISA
