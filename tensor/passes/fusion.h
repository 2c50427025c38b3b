#pragma once

#include <span>
#include <vector>

#include "tensor/graph.h"
#include "tensor/passes/subexpressions.h"
#include "tensor/tensor.h"

namespace weft {

/// Joins elementwise nodes (casts and dropout too, and a concat of their values) over the same axes, and
/// sums, means and maxima along their rows with what is computed from those (a normalization is one call),
/// into `fused` nodes with several results, in loop bodies as well: one kernel call that reads each operand
/// once and writes what somebody else needs, each once. Values keep their bits: the same functions in the
/// same order on the same elements.
///
/// Which: each node has a level, the most steps between ops that can't be joined on any way to it, and nodes
/// that read each other, or one operand, on the same level become one. Every way out of such a cluster leads
/// to a higher level, so none comes back and the result has an order. A node whose operands are there later
/// as well goes up to the level of those who read it: a backward pass computes 1 - y^2 where it is used. A
/// cluster never reaches over an effect, and effects keep their order.
///
/// Nothing else than `outputs` and `effects` need is kept, but all inputs. Cost: near linear in nodes.
SharedGraph fuse_elementwise(const Graph&, std::span<const NodeId> outputs, std::span<const NodeId> effects,
                             const Bindings& extents, DType real);

}  // namespace weft
