#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "tensor/graph.h"
#include "tensor/plan.h"

namespace weft {

/// What one run of a plan takes, counted from its kernel calls; a call in a loop counts once a turn.
struct PlanCost {
  struct Share {
    std::int64_t calls = 0;
    double flops = 0;
    double bytes = 0;  // read and written
  };
  Share total;
  std::map<std::string, Share> by_op;
  std::int64_t arena_bytes = 0;
};

/// The cost of a graph for given extents; nothing is run and no memory is taken for it.
/// FLOPs: a product counts two for each of its steps; other kernels count the operations of their formula for
/// each element, exp and the like as one; moving data counts none.
/// Bytes: each operand of a call once, repeated elements not again, as though nothing stayed in a cache.
/// Throws as Plan does.
PlanCost plan_cost(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                   const Bindings& extents, const PlanOptions& options = {});

/// The plan itself as a listing, made in the same way.
std::string plan_listing(const Graph& graph, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                         const Bindings& extents, const PlanOptions& options = {});

}  // namespace weft
