#pragma once

#include "kernels/isa.h"
#include "kernels/kernel.h"

/// What each compilation of the kernels brings: for each row of the op table that has a kernel, a function of
/// the row's name that gives the kernel for a dtype, nullptr where there is none. Elementwise rows come from
/// their functors; a row NAME of kind `kernel` is defined in kernels/cpu/NAME.cpp.
#define WEFT_DECLARE_leaf(name)
#define WEFT_DECLARE_view(name)
#define WEFT_DECLARE_region(name)
#define WEFT_DECLARE_elementwise(name) const Kernel* name(DType);
#define WEFT_DECLARE_kernel(name) const Kernel* name(DType);
#define WEFT_OP(name, kind, surface) WEFT_DECLARE_##kind(name)

namespace weft::WEFT_ISA {

namespace table {
#include "tensor/ops.def"
}  // namespace table

}  // namespace weft::WEFT_ISA

#undef WEFT_OP
#undef WEFT_DECLARE_leaf
#undef WEFT_DECLARE_view
#undef WEFT_DECLARE_region
#undef WEFT_DECLARE_elementwise
#undef WEFT_DECLARE_kernel
