#pragma once

#include "tensor/plan/cost.h"
#include "tensor/plan/program.h"

namespace weft::planning {

/// What one call takes, counted from its operands' extents; see plan_cost for how.
PlanCost::Share cost_of(const Call& call);

}  // namespace weft::planning
