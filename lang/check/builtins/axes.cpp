#include <algorithm>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"
#include "lang/check/suggest.h"

/// Axes renamed, joined and taken apart.
namespace weft::check {

/// rename[a -> b], rename[a, b -> c] (merge), rename[a -> b, c] (split).
Value rename(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  std::vector<Dim> from, to;
  if (!site.axes || !site.axes->arrow) {
    return e.fail(code::rename_form, site.axes ? site.axes->span : site.callee,
                  "`rename` needs an arrow in `[ ]`", "no arrow", "write rename[T -> T'](x)");
  }
  if (!e.axes(*site.axes, false, nullptr, from) || !e.axes(*site.axes, true, nullptr, to)) return Poison{};
  if (from.empty() || to.empty() || (from.size() > 1 && to.size() > 1)) {
    return e.fail(code::rename_form, site.axes->span,
                  "one axis becomes one or several, or several become one",
                  std::to_string(from.size()) + " axes become " + std::to_string(to.size()));
  }
  const NodeId x = (*nodes)[0];
  Attributes attributes;
  for (const Dim& d : from) attributes.axes.push_back(d.axis);
  for (const Dim& d : to) attributes.to.push_back(d.axis);
  if (from.size() == 1 && to.size() == 1 && from[0].axis == to[0].axis) {
    const Span name = site.axes->to[0].name.span;
    const std::string axis(e.sources().text(name));
    e.warn(code::idle_rename, site.axes->span, "this `rename` changes nothing",
           "`" + axis + "` stays `" + axis + "`",
           "for a second axis of its extent write rename[" + axis + " -> " + axis + "']", {},
           Fix{name, axis + "'"});
    return TensorValue{&e.graph(), x};
  }
  if (from.size() == 1 && to.size() == 1) {
    e.rename_padding(from[0].axis, to[0].axis);
    return e.emit(site.span, OpId::rename, {x}, std::move(attributes));
  }
  if (to.size() == 1) return e.emit(site.span, OpId::merge, {x}, std::move(attributes));
  for (const Dim& d : to) attributes.extents.push_back(d.extent);
  return e.emit(site.span, OpId::split, {x}, std::move(attributes));
}

Value concat(Elaborator& e, const Builtin& b, CallSite& site) {
  std::vector<NodeId> nodes;
  for (const ArgumentValue& a : site.arguments) {
    nodes.push_back(e.real(e.tensor(a.value, a.span), a.span));
    if (nodes.back() == kNoNode) return Poison{};
  }
  if (nodes.empty()) return e.fail(code::missing_argument, site.span, "`concat` needs tensors", "none given");
  const auto axes = axes_of(e, b, site, nodes[0]);
  if (!axes) return Poison{};
  Attributes attributes;
  attributes.axes = *axes;
  return e.emit(site.span, OpId::concat, std::move(nodes), std::move(attributes));
}

/// unstack[Gate](x): one value for each position of an axis.
Value unstack(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  const auto axes = axes_of(e, b, site, (*nodes)[0]);
  if (!axes) return Poison{};
  const Dim* d = axes->size() == 1 ? e.graph().graph->type((*nodes)[0]).find((*axes)[0]) : nullptr;
  const auto extent = d ? d->extent.constant() : std::nullopt;
  if (!extent) {
    return e.fail(code::axis_missing, site.axes->span,
                  "`unstack` takes one axis of its argument, of a known extent",
                  "has the axes " + e.describe((*nodes)[0]));
  }
  auto tuple = std::make_shared<TupleValue>();
  for (std::int64_t i = 0; i < *extent; ++i) {
    Attributes attributes;
    attributes.axes = *axes;
    attributes.extents = {Extent(i), Extent(1)};
    attributes.numbers = {1};
    tuple->values.push_back(e.emit(site.span, OpId::slice, {(*nodes)[0]}, std::move(attributes)));
  }
  return tuple;
}

/// slice[T](x, from, length): positions from .. from + length - 1.
Value slice(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`slice`", site, {"x", "from", "length"}, 3, a)) return Poison{};
  const NodeId x = e.tensor(a[0]->value, a[0]->span);
  const auto from = e.extent(a[1]->value, a[1]->span), length = e.extent(a[2]->value, a[2]->span);
  if (x == kNoNode || !from || !length) return Poison{};
  const auto axes = axes_of(e, b, site, x);
  if (!axes) return Poison{};
  if (axes->size() != 1) {
    return e.fail(code::one_axis, site.axes->span, "`slice` goes along one axis",
                  std::to_string(axes->size()) + " given");
  }
  const Extent whole = e.graph().graph->type(x).find((*axes)[0])->extent;
  if ((whole - *from - *length).constant().value_or(0) < 0) {
    return e.fail(code::position_outside, a[2]->span,
                  "this slice goes beyond the end of `" + e.axis_table().name((*axes)[0]) + "`",
                  "the extent is " + e.axis_table().symbols().describe(whole));
  }
  Attributes attributes;
  attributes.axes = *axes;
  attributes.extents = {*from, *length};
  e.pad_alike({(*axes)[0], whole}, {(*axes)[0], *length}, 1, 0, *from + Extent(1), site.span);
  return e.emit(site.span, OpId::slice, {x}, std::move(attributes));
}

/// last[T](x): the last position of an axis; of a padded one in what a scan gives, the state each row ended
/// with.
Value last(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  const auto axes = axes_of(e, b, site, (*nodes)[0]);
  if (!axes) return Poison{};
  if (axes->size() != 1) {
    return e.fail(code::one_axis, site.axes->span, "`last` goes along one axis",
                  std::to_string(axes->size()) + " given");
  }
  Attributes attributes;
  attributes.axes = *axes;
  attributes.extents = {e.graph().graph->type((*nodes)[0]).find((*axes)[0])->extent - Extent(1), Extent(1)};
  attributes.numbers = {1};
  return e.emit(site.span, OpId::slice, *nodes, std::move(attributes));
}

/// position[T](): 0, 1, ... along the axis, as integers.
Value position(Elaborator& e, const Builtin&, CallSite& site) {
  std::vector<Dim> dims;
  Arguments none;
  if (!e.match_arguments("`position`", site, {}, 0, none)) return Poison{};
  if (site.axes && !e.axes(*site.axes, false, nullptr, dims)) return Poison{};
  if (dims.size() != 1) {
    return e.fail(code::one_axis, site.axes ? site.axes->span : site.callee, "`position` goes along one axis",
                  std::to_string(dims.size()) + " given", "write position[T]()");
  }
  Attributes attributes;
  attributes.axes = {dims[0].axis};
  attributes.type = {{ElementKind::integer, {}}, dims};
  return e.emit(site.span, OpId::position, {}, std::move(attributes));
}

}  // namespace weft::check
