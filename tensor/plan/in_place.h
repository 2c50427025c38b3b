#pragma once

#include "tensor/plan/program.h"

namespace weft::planning {

/// Lets calls write their result over an operand that nobody reads again: where the kernel reads each element
/// before it writes it, and both lie in buffers of their own, of one size, in the same way. The two buffers
/// become one, so that memory needs room for one of them only, and the cache too. Values stay what they are.
/// To be done before `assign_memory`. Cost: linear in the operands of all calls.
void write_in_place(Program& program);

/// Whether the call's output lies where one of its inputs does. (An update of an input of the graph doesn't
/// count: it changes what is there.)
bool writes_in_place(const Program& program, const Call& call);

}  // namespace weft::planning
