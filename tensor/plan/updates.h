#pragma once

#include <vector>

#include "tensor/op.h"

namespace weft::planning {

/// The inputs whose memory an op writes: that of its result, and the optimizer's state.
std::vector<int> written_inputs(OpId op);

}  // namespace weft::planning
