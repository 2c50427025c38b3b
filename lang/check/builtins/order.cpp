#include <algorithm>
#include <limits>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// The largest elements of an axis, an axis in order, and values that go to the places indices name.
namespace weft::check {

namespace {

/// x, with the padding of `axis` set to `filler`.
NodeId filled(Elaborator& e, NodeId x, const Dim& along, double filler, Span span) {
  const NodeId mask = e.padding_mask(along, span);
  if (mask == kNoNode) return x;
  return e.tensor(e.emit(span, OpId::where, {mask, x, e.graph().graph->constant(filler)}), span);
}

/// The positions along `axis` of the largest or smallest x, over `made`.
Value positions(Elaborator& e, NodeId x, AxisId axis, const Dim& made, bool smallest, Span span) {
  Attributes attributes{.axes = {axis}, .to = {made.axis}, .extents = {made.extent}};
  attributes.numbers = {smallest ? 1.0 : 0.0};
  return e.emit(span, OpId::top_k, {x}, std::move(attributes));
}

Value values_at(Elaborator& e, NodeId x, AxisId axis, const Value& at, Span span) {
  const NodeId index = e.tensor(at, span);
  if (index == kNoNode) return Poison{};
  return e.emit(span, OpId::gather, {x, index}, {.axes = {axis}});
}

}  // namespace

/// top_k[T -> K](x): the K largest along T, the largest first, and their positions.
Value top_k(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  NodeId x = e.real((*nodes)[0], site.span);
  std::vector<Dim> from, to;
  const bool arrow = site.axes && site.axes->arrow;
  if (x == kNoNode ||
      (arrow && (!e.axes(*site.axes, false, nullptr, from) || !e.axes(*site.axes, true, nullptr, to))))
    return Poison{};
  if (from.size() != 1 || to.size() != 1) {
    return e.fail(code::rename_form, site.axes ? site.axes->span : site.callee,
                  "`top_k` takes one axis and makes one",
                  arrow ? std::to_string(from.size()) + " become " + std::to_string(to.size()) : "no arrow",
                  "write top_k[T -> K: 5](x)");
  }
  const Dim* along = e.graph().graph->type(x).find(from[0].axis);
  if (!along) {
    return e.fail(code::axis_missing, site.axes->items[0].span,
                  "`top_k` needs the axis `" + e.axis_table().name(from[0].axis) + "` in its argument",
                  "the argument has the axes " + e.describe(x));
  }
  x = filled(e, x, *along, -std::numeric_limits<double>::infinity(), site.span);
  if (x == kNoNode) return Poison{};
  const Value at = positions(e, x, from[0].axis, to[0], false, site.span);
  auto both = std::make_shared<TupleValue>();
  both->values = {values_at(e, x, from[0].axis, at, site.span), at};
  if (is_poison(both->values[0])) return Poison{};
  return both;
}

/// sort[T](x, descending), argsort[T](x, descending): the smallest first, NaN after all numbers.
Value sort(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"x", "descending"}, 1, a)) return Poison{};
  NodeId x = e.real(e.tensor(a[0]->value, a[0]->span), a[0]->span);
  if (x == kNoNode) return Poison{};
  const auto* descending = a[1] ? as<BoolValue>(a[1]->value) : nullptr;
  if (a[1] && !descending) {
    if (is_poison(a[1]->value)) return Poison{};
    return e.fail(code::bad_value, a[1]->span, "`descending` is true or false", "is " + kind_of(a[1]->value));
  }
  const auto axes = axes_of(e, b, site, x);
  if (!axes) return Poison{};
  if (axes->size() != 1) {
    return e.fail(code::one_axis, site.axes->span, "`" + b.name + "` goes along one axis",
                  std::to_string(axes->size()) + " given", "rename[T, D -> TD] makes one axis of several");
  }
  const bool smallest = !(descending && descending->value);
  const double infinity = std::numeric_limits<double>::infinity();
  const Dim along = *e.graph().graph->type(x).find((*axes)[0]);
  x = filled(e, x, along, smallest ? infinity : -infinity, site.span);
  if (x == kNoNode) return Poison{};
  // The positions need an axis of their own while both are there.
  const AxisId aside = e.axis_table().declare(e.axis_table()[along.axis].name, along.extent);
  const Value at = positions(e, x, along.axis, {aside, along.extent}, smallest, site.span);
  const Value found = b.name == "sort" ? values_at(e, x, along.axis, at, site.span) : at;
  if (is_poison(found)) return Poison{};
  return e.emit(site.span, OpId::rename, {e.tensor(found, site.span)}, {.axes = {aside}, .to = {along.axis}});
}

/// scatter[T -> V](x, index): y[v] = the sum of the x whose index is v, over the axes before the arrow.
Value scatter(Elaborator& e, const Builtin& b, CallSite& site) {
  if (site.arguments.empty())
    return e.fail(code::missing_argument, site.span, "`scatter` needs a tensor and indices", "none given");
  NodeId x = e.real(e.tensor(site.arguments[0].value, site.arguments[0].span), site.arguments[0].span);
  if (x == kNoNode) return Poison{};
  std::vector<Dim> from, to;
  if (!site.axes || !site.axes->arrow) {
    return e.fail(code::rename_form, site.axes ? site.axes->span : site.callee,
                  "`scatter` needs an arrow in `[ ]`", "no arrow", "write scatter[T -> V](x, index)");
  }
  if (!e.axes(*site.axes, false, nullptr, from) || !e.axes(*site.axes, true, nullptr, to)) return Poison{};
  const std::size_t indices = site.arguments.size() - 1;
  if (to.size() != indices || from.empty()) {
    return e.fail(code::index_count, site.axes->span,
                  "`scatter` takes one index for each axis after the arrow, and an axis before it",
                  std::to_string(to.size()) + (to.size() == 1 ? " axis, " : " axes, ") +
                      std::to_string(indices) + (indices == 1 ? " index" : " indices"));
  }
  const Graph& g = *e.graph().graph;
  std::vector<NodeId> nodes;
  for (std::size_t i = 0; i < indices; ++i) {
    const ArgumentValue& a = site.arguments[i + 1];
    const auto label = e.index_of(a.value, to[i].axis, a.span);
    nodes.push_back(label ? *label : e.tensor(a.value, a.span));
    if (nodes.back() == kNoNode || !indexes(e, b, nodes.back(), to[i].axis, a.span)) return Poison{};
  }
  // The axes of x and the indices, with those after the arrow in the place of those before it.
  std::vector<Dim> all = g.type(x).dims;
  for (const NodeId index : nodes) {
    for (const Dim& d : g.type(index).dims) {
      if (std::none_of(all.begin(), all.end(), [&](const Dim& o) { return o.axis == d.axis; }))
        all.push_back(d);
    }
  }
  TensorType table;
  std::size_t taken = 0;
  for (const Dim& d : all) {
    const auto is_it = [&](const Dim& f) { return f.axis == d.axis; };
    if (std::none_of(from.begin(), from.end(), is_it)) {
      table.dims.push_back(d);
      continue;
    }
    if (taken++ == 0) table.dims.insert(table.dims.end(), to.begin(), to.end());
    x = filled(e, x, d, 0, site.span);
    if (x == kNoNode) return Poison{};
  }
  if (taken != from.size()) {
    const auto missing = std::find_if(from.begin(), from.end(), [&](const Dim& f) {
      return std::none_of(all.begin(), all.end(), [&](const Dim& d) { return d.axis == f.axis; });
    });
    return e.fail(code::axis_missing, site.axes->items[static_cast<std::size_t>(missing - from.begin())].span,
                  "`scatter` needs the axis `" + e.axis_table().name(missing->axis) + "` in its arguments",
                  "the tensor has the axes " + e.describe(x));
  }
  // Along an axis that no index has all of x goes to one place.
  std::vector<AxisId> alone;
  for (const Dim& f : from) {
    const auto has = [&](NodeId index) { return g.type(index).has(f.axis); };
    if (std::none_of(nodes.begin(), nodes.end(), has)) alone.push_back(f.axis);
  }
  if (!alone.empty()) x = e.tensor(e.emit(site.span, OpId::sum, {x}, {.axes = std::move(alone)}), site.span);
  if (x == kNoNode) return Poison{};
  Attributes attributes;
  for (const Dim& d : to) attributes.axes.push_back(d.axis);
  attributes.type = std::move(table);
  nodes.push_back(x);
  return e.emit(site.span, OpId::scatter_add, std::move(nodes), std::move(attributes));
}

}  // namespace weft::check
