#pragma once

#include <span>

#include "tensor/graph.h"
#include "tensor/passes/subexpressions.h"
#include "tensor/plan.h"

namespace weft {

/// The passes that a plan puts a graph through, in their order.
enum class PlanPass : std::uint8_t {
  fold,   // constants and identities (fold.h); PlanOptions::fold
  share,  // equal subexpressions and dead code (subexpressions.h), attention (attention.h), bags of
          // embeddings (bags.h), convolutions (convolutions.h); PlanOptions::share
  fusion  // elementwise ops in one pass (fusion.h); PlanOptions::fuse
};

/// The graph after those passes that the options have, up to and with `last`. Before them rows of tables that
/// an update has let lie are made to catch up (catch_up.h).
SharedGraph prepared(const Graph&, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                     const Bindings& extents, const PlanOptions& options, PlanPass last = PlanPass::fusion);

}  // namespace weft
