#pragma once

#include <span>
#include <string_view>

#include "kernels/kernel.h"

namespace weft {

/// One op of a compilation of the CPU kernels.
struct KernelRow {
  std::string_view op;
  const Kernel* (*find)(DType);
};

// The compilations there are, by namespace (see isa.h); which ones depends on the processor family built for.
namespace isa_baseline {
std::span<const KernelRow> kernel_rows();
}
#ifdef WEFT_X86_64
namespace isa_v3 {
std::span<const KernelRow> kernel_rows();
}
namespace isa_v4 {
std::span<const KernelRow> kernel_rows();
}
#endif

}  // namespace weft
