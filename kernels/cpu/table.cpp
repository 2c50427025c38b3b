#include "kernels/cpu/table.h"

#include "kernels/cpu/rows.h"

#define WEFT_ROW_leaf(name)
#define WEFT_ROW_view(name)
#define WEFT_ROW_region(name)
#define WEFT_ROW_elementwise(name) {#name, &table::name},
#define WEFT_ROW_kernel(name) {#name, &table::name},
#define WEFT_OP(name, kind, surface) WEFT_ROW_##kind(name)

namespace weft::WEFT_ISA {

std::span<const KernelRow> kernel_rows() {
  static constexpr KernelRow rows[] = {
#include "tensor/ops.def"
  };
  return rows;
}

}  // namespace weft::WEFT_ISA
