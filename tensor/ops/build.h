#pragma once

#include <optional>
#include <vector>

#include "tensor/ops/common.h"

namespace weft {

/// Writes gradients as they read on paper. Cotangents may lack axes of the value they belong to: they are
/// then constant along those, which keeps the gradient of a mean a scalar until somebody needs all of it.
struct Build {
  Graph& graph;

  /// The value of a real scalar constant, where the node is one.
  std::optional<double> value(NodeId) const;

  NodeId scalar(double value) const { return graph.constant(value); }
  NodeId unary(OpId op, NodeId x) const { return graph.emit(op, {x}); }
  NodeId add(NodeId a, NodeId b) const { return graph.emit(OpId::add, {a, b}); }
  NodeId sub(NodeId a, NodeId b) const { return graph.emit(OpId::sub, {a, b}); }
  /// Leaves out factors that are the constant 1 and joins constants.
  NodeId mul(NodeId a, NodeId b) const;
  NodeId div(NodeId a, NodeId b) const { return graph.emit(OpId::div, {a, b}); }
  NodeId neg(NodeId x) const;
  NodeId where(NodeId condition, NodeId a, NodeId b) const {
    return graph.emit(OpId::where, {condition, a, b});
  }
  NodeId less(NodeId a, NodeId b) const { return graph.emit(OpId::less, {a, b}); }
  /// 1 where the condition holds, else 0.
  NodeId real(NodeId condition) const;
  /// Over those of `axes` that x has; x itself where it has none.
  NodeId sum(NodeId x, const Axes& axes) const;
  /// sum of a * b over `axes`, all of which both have; the plain product where there are none.
  NodeId dot(NodeId a, NodeId b, const Axes& axes) const;
  /// The number of elements over these dims, as a real scalar.
  NodeId count(const std::vector<Dim>& dims) const;
  NodeId slice(NodeId x, AxisId axis, const Extent& offset, const Extent& length, bool drop) const;

  /// x with all axes of `type`: those it lacks are repeated. x itself where it lacks none.
  NodeId spread(NodeId x, const TensorType& type) const;
  /// x with the axes of `type` in its physical order; x itself where it is so already.
  NodeId arrange(NodeId x, const TensorType& type) const;
};

/// The cotangent with all axes of the node's result.
NodeId full(Backward&);
/// For ops that only the compiler makes while it differentiates.
std::vector<NodeId> no_second_gradient(Backward&);

}  // namespace weft
