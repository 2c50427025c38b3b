#include <algorithm>
#include <cmath>

#include "lang/check/elaborator.h"

/// Arithmetic, comparisons and logic: numbers folded, tensors paired by the names of their axes.
namespace weft::check {

namespace {

const char* spelling(ast::Operator op) {
  switch (op) {
    case ast::Operator::pipe:
      return "|>";
    case ast::Operator::logical_or:
      return "or";
    case ast::Operator::logical_and:
      return "and";
    case ast::Operator::less:
      return "<";
    case ast::Operator::less_equal:
      return "<=";
    case ast::Operator::greater:
      return ">";
    case ast::Operator::greater_equal:
      return ">=";
    case ast::Operator::equal:
      return "==";
    case ast::Operator::not_equal:
      return "!=";
    case ast::Operator::add:
      return "+";
    case ast::Operator::sub:
      return "-";
    case ast::Operator::mul:
      return "*";
    case ast::Operator::div:
      return "/";
    case ast::Operator::pow:
      return "^";
  }
  return "?";
}

bool is_logic(ast::Operator op) {
  return op == ast::Operator::logical_and || op == ast::Operator::logical_or;
}
bool is_comparison(ast::Operator op) {
  return op >= ast::Operator::less && op <= ast::Operator::not_equal;
}

Value fold(ast::Operator op, const NumberValue& a, const NumberValue& b) {
  const bool integer = a.integer && b.integer;
  switch (op) {
    case ast::Operator::add:
      return NumberValue{a.value + b.value, integer};
    case ast::Operator::sub:
      return NumberValue{a.value - b.value, integer};
    case ast::Operator::mul:
      return NumberValue{a.value * b.value, integer};
    case ast::Operator::div: {
      const double q = a.value / b.value;
      return NumberValue{q, integer && b.value != 0 && q == std::floor(q)};
    }
    case ast::Operator::pow:
      return NumberValue{std::pow(a.value, b.value), integer && b.value >= 0};
    case ast::Operator::less:
      return BoolValue{a.value < b.value};
    case ast::Operator::less_equal:
      return BoolValue{a.value <= b.value};
    case ast::Operator::greater:
      return BoolValue{a.value > b.value};
    case ast::Operator::greater_equal:
      return BoolValue{a.value >= b.value};
    case ast::Operator::equal:
      return BoolValue{a.value == b.value};
    default:
      return BoolValue{a.value != b.value};
  }
}

OpId op_of(ast::Operator op) {
  switch (op) {
    case ast::Operator::logical_or:
      return OpId::logical_or;
    case ast::Operator::logical_and:
      return OpId::logical_and;
    case ast::Operator::less:
    case ast::Operator::greater:
      return OpId::less;
    case ast::Operator::less_equal:
    case ast::Operator::greater_equal:
      return OpId::less_equal;
    case ast::Operator::equal:
      return OpId::equal;
    case ast::Operator::not_equal:
      return OpId::not_equal;
    case ast::Operator::add:
      return OpId::add;
    case ast::Operator::sub:
      return OpId::sub;
    case ast::Operator::mul:
      return OpId::mul;
    case ast::Operator::div:
      return OpId::div;
    default:
      return OpId::pow;
  }
}

}  // namespace

Value Elaborator::prefix(const ast::Prefix& p, Span span) {
  Value v = evaluate(*p.operand);
  for (auto it = p.ops.rbegin(); it != p.ops.rend(); ++it) {
    if (is_poison(v)) return v;
    if (*it == ast::Prefix::Op::minus) {
      if (const auto* n = as<NumberValue>(v)) {
        // Of an integer 0 there is only one.
        v = NumberValue{n->integer && n->value == 0 ? 0 : -n->value, n->integer};
        continue;
      }
      const NodeId node = tensor(v, p.operand->span);
      if (node == kNoNode) return Poison{};
      const Element element = graph_->graph->type(node).element;
      if (element.kind == ElementKind::integer) {
        v = emit(span, OpId::sub, {graph_->graph->constant(0, {element, {}}), node});
        continue;
      }
      v = emit(span, OpId::neg, {real(node, span)});
    } else {
      if (const auto* b = as<BoolValue>(v)) {
        v = BoolValue{!b->value};
        continue;
      }
      const NodeId node = tensor(v, p.operand->span);
      if (node == kNoNode) return Poison{};
      v = emit(span, OpId::logical_not, {node});
    }
  }
  return v;
}

Value Elaborator::binary(ast::Operator op, const Value& left, const Value& right, Span span) {
  if (is_poison(left) || is_poison(right)) return Poison{};
  const auto folded = [&](const Value& v) -> Value {
    if (const auto* a = as<AxisValue>(v)) {
      if (const auto n = axis_table()[a->axis].extent.constant())
        return NumberValue{static_cast<double>(*n), true};
    }
    return v;
  };
  const Value a = folded(left), b = folded(right);
  const auto *na = as<NumberValue>(a), *nb = as<NumberValue>(b);
  const auto *ba = as<BoolValue>(a), *bb = as<BoolValue>(b);
  if (na && nb && !is_logic(op)) return fold(op, *na, *nb);
  if (ba && bb && is_logic(op)) {
    return BoolValue{op == ast::Operator::logical_and ? ba->value && bb->value : ba->value || bb->value};
  }
  const bool equality = op == ast::Operator::equal || op == ast::Operator::not_equal;
  if (ba && bb && equality) return BoolValue{(ba->value == bb->value) == (op == ast::Operator::equal)};
  if (auto v = text_operation(op, a, b, span)) return *v;
  if (as<TextValue>(a) || as<TextValue>(b)) {
    return fail(code::not_a_tensor, span, std::string("`") + spelling(op) + "` takes numbers and tensors",
                kind_of(a) + " and " + kind_of(b));
  }
  NodeId x = tensor(a, span), y = tensor(b, span);
  if (x == kNoNode || y == kNoNode) return Poison{};
  if (!is_logic(op)) {
    // A literal takes the integers' side where it can; otherwise integers and truth values count as reals.
    const auto literal = [&](const NumberValue* n, NodeId& mine, NodeId other) {
      const ElementKind kind = graph_->graph->type(other).element.kind;
      if (!n || !n->integer || kind != ElementKind::integer) return;
      TensorType type;
      type.element.kind = ElementKind::integer;
      mine = graph_->graph->constant(n->value, type);
    };
    literal(na, x, y);
    literal(nb, y, x);
    const ElementKind kx = graph_->graph->type(x).element.kind, ky = graph_->graph->type(y).element.kind;
    const bool whole = kx == ElementKind::integer && ky == ElementKind::integer && op != ast::Operator::div &&
                       op != ast::Operator::pow;
    const bool compared = is_comparison(op) && kx == ky;
    if (!whole && !compared && kx != ElementKind::index && ky != ElementKind::index) {
      x = real(x, span);
      y = real(y, span);
    }
  }
  if (op != ast::Operator::greater && op != ast::Operator::greater_equal)
    return emit(span, op_of(op), {x, y});
  const TensorType tx = graph_->graph->type(x), ty = graph_->graph->type(y);
  const auto begins = [](const TensorType& a, const TensorType& b) {
    const auto same = [](const Dim& p, const Dim& q) { return p.axis == q.axis; };
    return a.dims.size() <= b.dims.size() && std::equal(a.dims.begin(), a.dims.end(), b.dims.begin(), same);
  };
  if (begins(tx, ty) || begins(ty, tx)) return emit(span, op_of(op), {y, x});
  // y < x would have the axes of y first. So -x < -y, of reals, and of others not x <= y.
  if (tx.element.kind == ElementKind::real) {
    const Value a = emit(span, OpId::neg, {x}), b = emit(span, OpId::neg, {y});
    return emit(span, op_of(op), {tensor(a, span), tensor(b, span)});
  }
  const Value opposite = emit(span, op == ast::Operator::greater ? OpId::less_equal : OpId::less, {x, y});
  return is_poison(opposite) ? opposite : emit(span, OpId::logical_not, {tensor(opposite, span)});
}

}  // namespace weft::check
