#include "kernels/cpu/elementwise.h"

#include "kernels/cpu/table.h"

// Every elementwise row of the op table, from its functor.
#define WEFT_ROW_leaf(name)
#define WEFT_ROW_view(name)
#define WEFT_ROW_kernel(name)
#define WEFT_ROW_region(name)
#define WEFT_ROW_elementwise(name)                   \
  const Kernel* name(DType dtype) {                  \
    return elementwise_kernel<functor::name>(dtype); \
  }
#define WEFT_OP(name, kind, surface) WEFT_ROW_##kind(name)

namespace weft::WEFT_ISA::table {
#include "tensor/ops.def"
}  // namespace weft::WEFT_ISA::table
