#include <algorithm>
#include <cmath>
#include <limits>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"
#include "lang/check/suggest.h"

/// Rows of the op table as functions: elementwise, over axes, products, losses, look-ups.
namespace weft::check {

namespace {

/// exp, sqrt, ... of a number known before the run.
std::optional<double> fold(OpId op, const std::vector<double>& x) {
  switch (op) {
    case OpId::exp:
      return std::exp(x[0]);
    case OpId::log:
      return std::log(x[0]);
    case OpId::expm1:
      return std::expm1(x[0]);
    case OpId::log1p:
      return std::log1p(x[0]);
    case OpId::erf:
      return std::erf(x[0]);
    case OpId::floor:
      return std::floor(x[0]);
    case OpId::round:
      return std::nearbyint(x[0]);
    case OpId::sqrt:
      return std::sqrt(x[0]);
    case OpId::cos:
      return std::cos(x[0]);
    case OpId::sin:
      return std::sin(x[0]);
    case OpId::abs:
      return std::abs(x[0]);
    case OpId::minimum:  // of a NaN NaN, as the kernels have it
      return x[0] < x[1] || std::isnan(x[0]) ? x[0] : x[1];
    case OpId::maximum:
      return x[0] > x[1] || std::isnan(x[0]) ? x[0] : x[1];
    default:
      return std::nullopt;
  }
}

/// x with `filler` at the padding of any padded axis among `axes`, and the mask that did it; the mask is
/// kNoNode where nothing is padded.
struct Masked {
  Value x;
  NodeId mask = kNoNode;
};
Masked without_padding(Elaborator& e, NodeId x, const std::vector<AxisId>& axes, double filler, Span span) {
  Graph& g = *e.graph().graph;
  Masked out{TensorValue{&e.graph(), x}, kNoNode};
  for (const AxisId axis : axes) {
    const Dim* along = g.type(x).find(axis);
    const NodeId mask = along ? e.padding_mask(Dim(*along), span) : kNoNode;
    if (mask == kNoNode) continue;
    const TensorType& have = g.type(e.tensor(out.x, span));
    const auto& needed = g.type(mask).dims;
    if (!std::all_of(needed.begin(), needed.end(), [&](const Dim& d) { return have.has(d.axis); })) continue;
    out.x = e.emit(span, OpId::where, {mask, e.tensor(out.x, span), g.constant(filler)});
    out.mask = out.mask == kNoNode ? mask : e.tensor(e.emit(span, OpId::logical_and, {out.mask, mask}), span);
  }
  return out;
}

/// What gives integers for integers.
bool keeps_integers(OpId op) {
  return op == OpId::abs || op == OpId::minimum || op == OpId::maximum;
}

bool is_integer(const Value& v) {
  const auto* n = as<NumberValue>(v);
  return as<AxisValue>(v) || (n && n->integer);
}

/// The operands of a row from `first` on, of one kind: integers that stay integers, of `where` whatever both
/// choices are, and reals. False after a diagnostic.
bool of_one_kind(Elaborator& e, OpId op, const CallSite& site, std::size_t first,
                 std::vector<NodeId>& nodes) {
  Graph& g = *e.graph().graph;
  const auto kind = [&](std::size_t i) { return g.type(nodes[i]).element.kind; };
  if (keeps_integers(op) || op == OpId::where) {
    bool whole = true, tensor = false, same = op == OpId::where;
    for (std::size_t i = first; i < nodes.size(); ++i) {
      const bool integer = kind(i) == ElementKind::integer;
      tensor = tensor || integer;
      whole = whole && (integer || is_integer(site.arguments[i].value));
      same = same && g.type(nodes[i]).element == g.type(nodes[first]).element;
    }
    if (same) return true;
    if (whole && tensor) {
      for (std::size_t i = first; i < nodes.size(); ++i) {
        if (kind(i) == ElementKind::integer) continue;
        TensorType type = g.type(nodes[i]);
        type.element = {ElementKind::integer, {}};
        const auto* n = as<NumberValue>(site.arguments[i].value);
        nodes[i] = n ? g.constant(n->value, type)
                     : e.tensor(e.emit(site.span, OpId::cast, {nodes[i]}, {.type = type}), site.span);
      }
      return true;
    }
  }
  for (std::size_t i = first; i < nodes.size(); ++i) {
    nodes[i] = e.real(nodes[i], site.span);
    if (nodes[i] == kNoNode) return false;
  }
  return true;
}

/// Where a cross-entropy doesn't ignore its target; kNoNode where it ignores none, or `x` is none.
NodeId counted(Elaborator& e, NodeId x, Span span) {
  Graph& g = *e.graph().graph;
  const Node node = g[x];
  if (node.op != OpId::cross_entropy || node.attributes.numbers.empty() || node.attributes.numbers[1] == 0)
    return kNoNode;
  const Value target = e.emit(span, OpId::cast, {node.inputs[0]});
  const NodeId ignored = g.constant(node.attributes.numbers[2]);
  return e.tensor(e.emit(span, OpId::not_equal, {e.tensor(target, span), ignored}), span);
}

}  // namespace

/// name(x, ...): rows with surface `values`.
Value elementwise(Elaborator& e, const Builtin& b, CallSite& site) {
  if (!no_axes(e, b, site)) return Poison{};
  std::vector<double> numbers;
  for (const ArgumentValue& a : site.arguments) {
    if (const auto* n = as<NumberValue>(a.value)) numbers.push_back(n->value);
    if (const auto* x = as<AxisValue>(a.value)) {
      if (const auto n = e.axis_table()[x->axis].extent.constant())
        numbers.push_back(static_cast<double>(*n));
    }
  }
  const auto arity = static_cast<std::size_t>(b.op->arity);
  if (b.op->id == OpId::where && site.arguments.size() == arity) {
    // A condition known before the run chooses without looking, where the other choice adds no axes.
    if (const auto* c = as<BoolValue>(site.arguments[0].value)) {
      const ArgumentValue &taken = site.arguments[c->value ? 1 : 2],
                          &other = site.arguments[c->value ? 2 : 1];
      if (as<NumberValue>(other.value) && (as<TensorValue>(taken.value) || as<NumberValue>(taken.value)))
        return taken.value;
    }
  }
  if (numbers.size() == site.arguments.size() && numbers.size() == arity) {
    const bool whole =
        keeps_integers(b.op->id) && std::all_of(site.arguments.begin(), site.arguments.end(),
                                                [](const ArgumentValue& a) { return is_integer(a.value); });
    if (const auto folded = fold(b.op->id, numbers)) return NumberValue{*folded, whole};
  }
  auto nodes = tensors(e, b, site, arity);
  if (!nodes) return Poison{};
  if (!of_one_kind(e, b.op->id, site, b.op->id == OpId::where ? 1 : 0, *nodes)) return Poison{};
  return e.emit(site.span, b.op->id, *nodes);
}

/// sum, mean, max, argmax, cumsum, softmax, log_softmax: over the axes in `[ ]`, padding left out; a mean of
/// cross-entropies also leaves out the targets they ignore.
Value over_axes(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  const NodeId x = e.real((*nodes)[0], site.span);
  if (x == kNoNode) return Poison{};
  const auto axes = axes_of(e, b, site, x);
  if (!axes) return Poison{};
  Attributes attributes;
  attributes.axes = *axes;
  const OpId op = b.op->id;
  const bool along_one =
      op == OpId::argmax || op == OpId::cumsum || op == OpId::softmax || op == OpId::log_softmax;
  if (axes->size() != 1 && along_one) {
    return e.fail(code::one_axis, site.axes->span, "`" + b.name + "` goes along one axis",
                  std::to_string(axes->size()) + " given", "rename[T, D -> TD] makes one axis of several");
  }
  const bool adds = op == OpId::sum || op == OpId::mean || op == OpId::cumsum;
  Masked masked =
      without_padding(e, x, *axes, adds ? 0.0 : -std::numeric_limits<double>::infinity(), site.span);
  if (op == OpId::mean) {
    if (const NodeId kept = counted(e, x, site.span); kept != kNoNode) {
      masked.mask = masked.mask == kNoNode
                        ? kept
                        : e.tensor(e.emit(site.span, OpId::logical_and, {masked.mask, kept}), site.span);
    }
  }
  if (masked.mask == kNoNode || op != OpId::mean) {
    return e.emit(site.span, op, {e.tensor(masked.x, site.span)}, std::move(attributes));
  }
  // A mean over what isn't padding: sum of x over sum of the mask, the mask spread to the reduced axes of x.
  const Value total = e.emit(site.span, OpId::sum, {e.tensor(masked.x, site.span)}, attributes);
  Graph& g = *e.graph().graph;
  NodeId weight = e.real(masked.mask, site.span);
  TensorType spread;
  for (const AxisId a : *axes) {
    const Dim* d = g.type(x).find(a);
    if (d && !g.type(weight).has(a)) spread.dims.push_back(*d);
  }
  if (!spread.dims.empty())
    weight = e.tensor(e.emit(site.span, OpId::mul, {weight, g.constant(1, spread)}), site.span);
  const Value count = e.emit(site.span, OpId::sum, {weight}, attributes);
  return e.emit(site.span, OpId::div, {e.tensor(total, site.span), e.tensor(count, site.span)});
}

/// min, argmin: those of the largest -x.
Value least(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  const Value turned = e.emit(site.span, OpId::neg, {e.real((*nodes)[0], site.span)});
  CallSite other = site;
  other.arguments[0].value = turned;
  const bool position = b.name == "argmin";
  const Builtin largest{b.name, b.help, over_axes, &op(position ? OpId::argmax : OpId::max)};
  const Value found = is_poison(turned) ? turned : over_axes(e, largest, other);
  if (position || is_poison(found)) return found;
  return e.emit(site.span, OpId::neg, {e.tensor(found, site.span)});
}

/// sum of a b over the axes, padding left out: it is zero in one of them.
Value dot(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 2);
  if (!nodes) return Poison{};
  const auto axes = axes_of(e, b, site, (*nodes)[0]);
  if (!axes) return Poison{};
  Attributes attributes;
  attributes.axes = *axes;
  NodeId x = e.real((*nodes)[0], site.span), y = e.real((*nodes)[1], site.span);
  if (x == kNoNode || y == kNoNode) return Poison{};
  const Graph& g = *e.graph().graph;
  for (const AxisId axis : *axes) {
    // A softmax along the axis is zero at its padding already, as attention has it.
    const auto is_zero = [&](NodeId n) {
      const Node& node = g[n];
      return node.op == OpId::softmax && node.attributes.axes[0] == axis;
    };
    if (is_zero(x) || is_zero(y)) continue;
    const bool first = g.type(x).dims.size() <= g.type(y).dims.size();
    NodeId &smaller = first ? x : y, &larger = first ? y : x;
    Masked masked = without_padding(e, smaller, {axis}, 0, site.span);
    const bool done = masked.mask != kNoNode;
    if (!done) masked = without_padding(e, larger, {axis}, 0, site.span);
    NodeId& one = done ? smaller : larger;
    one = e.tensor(masked.x, site.span);
    if (one == kNoNode) return Poison{};
  }
  return e.emit(site.span, OpId::dot, {x, y}, std::move(attributes));
}

/// cross_entropy[V](logits, target, smoothing, ignore).
Value cross_entropy(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"logits", "target", "smoothing", "ignore"}, 2, a))
    return Poison{};
  const NodeId logits = e.tensor(a[0]->value, a[0]->span);
  if (logits == kNoNode) return Poison{};
  const auto axes = axes_of(e, b, site, logits);
  if (!axes) return Poison{};
  if (axes->size() != 1) {
    return e.fail(code::one_axis, site.axes->span, "`cross_entropy` goes along one axis",
                  std::to_string(axes->size()) + " given");
  }
  const auto label = e.index_of(a[1]->value, (*axes)[0], a[1]->span);
  NodeId target = label ? *label : e.tensor(a[1]->value, a[1]->span);
  if (target == kNoNode || !indexes(e, b, target, (*axes)[0], a[1]->span)) return Poison{};
  const auto smoothing = a[2] ? e.number(a[2]->value, a[2]->span, "smoothing") : std::optional<double>(0);
  if (!smoothing) return Poison{};
  if (!(*smoothing >= 0 && *smoothing < 1)) {
    return e.fail(code::bad_value, a[2]->span, "smoothing is at least 0 and less than 1", "out of range");
  }
  Attributes attributes;
  attributes.axes = *axes;
  if (a[3]) {
    std::int64_t position = -1;
    if (const auto named = e.index_of(a[3]->value, (*axes)[0], a[3]->span)) {
      // The position of a label may be known only once the data is open: then the target takes one that no
      // class has.
      if (*named == kNoNode) return Poison{};
      Graph& g = *e.graph().graph;
      TensorType integer;
      integer.element.kind = ElementKind::integer;
      const Span span = a[3]->span;
      const auto whole = [&](NodeId n) {
        return e.tensor(e.emit(span, OpId::cast, {n}, {.type = integer}), span);
      };
      target = whole(target);
      const NodeId is_ignored = e.tensor(e.emit(span, OpId::equal, {target, whole(*named)}), span);
      if (is_ignored == kNoNode) return Poison{};
      target = e.tensor(e.emit(span, OpId::where, {is_ignored, g.constant(-1, integer), target}), span);
      if (target == kNoNode) return Poison{};
    } else {
      const auto n = e.whole_number(a[3]->value, a[3]->span, "the target that is ignored");
      if (!n) return Poison{};
      position = *n;
    }
    attributes.numbers = {*smoothing, 1, static_cast<double>(position)};
  } else if (*smoothing > 0) {
    attributes.numbers = {*smoothing, 0, 0};
  }
  return e.emit(site.span, OpId::cross_entropy, {target, logits}, std::move(attributes));
}

namespace {

/// What was meant by `at` with an index of another axis: the axes in another order, or another table.
std::optional<Fix> other_table(Elaborator& e, const CallSite& site, const std::vector<AxisId>& axes,
                               std::size_t which, NodeId index) {
  const Element element = e.graph().graph->type(index).element;
  if (element.kind != ElementKind::index || element.of == axes[which]) return std::nullopt;
  const auto text = [&](Span s) { return std::string(e.sources().text(s)); };
  const std::vector<ast::AxisItem>& items = site.axes->items;
  if (axes.size() == 2 && items.size() == 2 && element.of == axes[1 - which]) {
    return Fix{site.axes->span, "[" + text(items[1].span) + ", " + text(items[0].span) + "]"};
  }
  const Span table = site.arguments[0].span;
  if (axes.size() != 1 || table.begin < site.axes->span.end) return std::nullopt;
  const std::string other = table_over(e, element.of, axes[0]);
  if (other.empty()) return std::nullopt;
  const Span both{table.file, site.axes->span.begin, table.end};
  return Fix{both, "[" + e.axis_table().name(element.of) + "](" + other};
}

}  // namespace

Value at(Elaborator& e, const Builtin& b, CallSite& site) {
  if (site.arguments.empty())
    return e.fail(code::missing_argument, site.span, "`at` needs a tensor", "none given");
  const NodeId table = e.tensor(site.arguments[0].value, site.arguments[0].span);
  if (table == kNoNode) return Poison{};
  const auto axes = axes_of(e, b, site, table);
  if (!axes) return Poison{};
  const std::size_t indices = site.arguments.size() - 1;
  if (axes->size() != indices) {
    return e.fail(code::index_count, site.axes->span, "`at` takes one index for each axis in `[ ]`",
                  std::to_string(axes->size()) + (axes->size() == 1 ? " axis, " : " axes, ") +
                      std::to_string(indices) + (indices == 1 ? " index" : " indices"));
  }
  std::vector<NodeId> nodes = {table};
  for (std::size_t i = 0; i < indices; ++i) {
    const ArgumentValue& a = site.arguments[i + 1];
    const auto* literal = as<NumberValue>(a.value);
    if (literal && literal->integer) {
      const Dim* d = e.graph().graph->type(table).find((*axes)[i]);
      const auto extent = d ? d->extent.constant() : std::nullopt;
      if (literal->value < 0 || (extent && literal->value >= static_cast<double>(*extent))) {
        return e.fail(code::position_outside, a.span,
                      "this position lies outside `" + e.axis_table().name((*axes)[i]) + "`",
                      extent ? "positions are 0 to " + std::to_string(*extent - 1) : "positions start at 0");
      }
      nodes.push_back(e.graph().graph->constant(literal->value, TensorType{{ElementKind::integer, {}}, {}}));
      continue;
    }
    const auto label = e.index_of(a.value, (*axes)[i], a.span);
    nodes.push_back(label ? *label : e.tensor(a.value, a.span));
    if (nodes.back() == kNoNode) return Poison{};
    if (!indexes(e, b, nodes.back(), (*axes)[i], a.span, other_table(e, site, *axes, i, nodes.back()))) {
      return Poison{};
    }
  }
  Attributes attributes;
  attributes.axes = *axes;
  return e.emit(site.span, OpId::gather, std::move(nodes), std::move(attributes));
}

Value real_of(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes || !no_axes(e, b, site)) return Poison{};
  // An index counts as a number only where that is asked for.
  return e.emit(site.span, OpId::cast, *nodes);
}

}  // namespace weft::check
