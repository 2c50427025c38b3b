#pragma once

#include <string_view>

#include "kernels/kernel.h"

namespace weft {

/// What the CPU kernels are compiled for: the family's least (x86-64, or whatever else the build is for), and
/// on x86-64 also AVX2 with FMA (x86-64-v3) and AVX-512 (x86-64-v4).
enum class InstructionSet { baseline, v3, v4 };

/// Whether this build has kernels for it and this processor can run them.
bool is_supported(InstructionSet);

/// The highest supported one: what find_kernel uses.
InstructionSet best_instruction_set();

/// The CPU kernel compiled for one instruction set, for tests and benchmarks; nullptr where there is none.
/// Results of different sets agree to rounding, not to the bit.
const Kernel* find_cpu_kernel(std::string_view op, InstructionSet, DType);

}  // namespace weft
