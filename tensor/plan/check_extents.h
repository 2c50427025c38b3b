#pragma once

#include <span>

#include "tensor/op.h"
#include "tensor/plan/location.h"

namespace weft::planning {

/// What an op needs of its extents beside fitting together, which is known only now that they are numbers.
/// `walked`: the space's. Throws invalid_argument.
void check_extents(const Graph& graph, NodeId id, const IterationSpace& space, std::span<const Size> walked);

}  // namespace weft::planning
