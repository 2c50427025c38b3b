#include "kernels/cpu/lazy_rows.h"
#include "kernels/cpu/rmsprop.h"
#include "kernels/cpu/table.h"

namespace weft::WEFT_ISA {

const Kernel* table::rmsprop_catch_up(DType dtype) {
  return dtype == DType::i32 ? &kCatchUp<RmsProp> : nullptr;
}

}  // namespace weft::WEFT_ISA
