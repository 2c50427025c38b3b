#pragma once

#include "tensor/plan/program.h"

namespace weft::planning {

/// Gives each arena buffer that a call touches its offset, 64-byte aligned, and the program its arena_bytes:
/// buffers whose lives don't meet share memory. A life goes from the first call that touches the buffer to
/// the last; what outlives a turn of a loop lives as long as the loop. Greedy by size (Pisarchyk and Lee
/// 2020, "Efficient memory management for deep neural net inference", section 5.2): largest first, each into
/// the smallest gap it fits. Thousands of them are placed in the order of their first use, in O(n log n).
/// Throws OutOfMemory where the sum passes 63 bits. Cost: O(n^2) for n buffers, up to some thousand.
void assign_memory(Program& program);

}  // namespace weft::planning
