#include "kernels/instruction_set.h"

#include "kernels/cpu/rows.h"

namespace weft {

bool is_supported(InstructionSet set) {
#ifdef WEFT_X86_64
  switch (set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::v3:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    case InstructionSet::v4:
      return is_supported(InstructionSet::v3) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
  return false;
#else
  return set == InstructionSet::baseline;
#endif
}

InstructionSet best_instruction_set() {
  if (is_supported(InstructionSet::v4)) return InstructionSet::v4;
  return is_supported(InstructionSet::v3) ? InstructionSet::v3 : InstructionSet::baseline;
}

const Kernel* find_cpu_kernel(std::string_view op, InstructionSet set, DType dtype) {
  if (!is_supported(set)) return nullptr;
  std::span<const KernelRow> rows = isa_baseline::kernel_rows();
#ifdef WEFT_X86_64
  if (set == InstructionSet::v3) rows = isa_v3::kernel_rows();
  if (set == InstructionSet::v4) rows = isa_v4::kernel_rows();
#endif
  for (const KernelRow& row : rows)
    if (row.op == op) return row.find(dtype);
  return nullptr;
}

const Kernel* find_kernel(std::string_view op, Device device, DType dtype) {
  if (device != Device::cpu) return nullptr;
  return find_cpu_kernel(op, best_instruction_set(), dtype);
}

}  // namespace weft
