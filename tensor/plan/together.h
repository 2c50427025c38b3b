#pragma once

#include "tensor/plan/program.h"

namespace weft::planning {

/// Puts loops that need nothing of each other side by side, as one step that runs them together: the two
/// directions of a recurrent layer, whose turns are too short to be shared by threads, take a thread each.
/// What the later loop needs moves before the earlier one. Loops of very different cost stay apart. To be
/// called before memory is assigned: values that share memory have to be computed in order.
void put_together(Program& program);

}  // namespace weft::planning
