#include "tensor/ops/build.h"

namespace weft {

namespace {

std::vector<NodeId> backward(Backward& b) {
  const Build g{b.graph};
  const NodeId a = b.input(0);
  const NodeId exponent = b.input(1);
  NodeId da = kNoNode;
  if (b.needs(0)) {
    if (const auto c = g.value(exponent)) {
      if (*c == 0) return {kNoNode, kNoNode};
      const NodeId slope = *c == 1   ? g.scalar(1)
                           : *c == 2 ? g.mul(g.scalar(2), a)
                                     : g.mul(exponent, b.graph.emit(OpId::pow, {a, g.scalar(*c - 1)}));
      da = g.mul(b.dy, slope);
    } else {
      const NodeId reduced = g.sub(exponent, g.scalar(1));
      da = g.mul(b.dy, g.mul(exponent, b.graph.emit(OpId::pow, {a, reduced})));
    }
  }
  if (!b.needs(1)) return {da, kNoNode};
  const NodeId positive = g.less(g.scalar(0), a);
  const NodeId log = g.unary(OpId::log, g.where(positive, a, g.scalar(1)));
  return {da, g.mul(b.dy, g.where(positive, g.mul(b.node, log), g.scalar(0)))};
}

}  // namespace

/// pow: y = a^b.
/// Shapes:   the union of the axes, by name.  Errors: element, extents.
/// Gradient: dy b a^(b-1), dy y log a. A constant b is spared the logarithm, so a may be negative; where b
/// varies,
///           the derivative to b counts as 0 for a <= 0, where it does not exist.
const OpRule pow_op{.arity = 2, .formula = "a ^ b", .infer = infer_real<OpId::pow>, .backward = backward};

}  // namespace weft
