#include <cmath>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// Axes seen through windows: what convolution and pooling are made of.
namespace weft::check {

namespace {

/// Stride, padding and dilation of a call, as whole numbers.
struct Steps {
  std::int64_t stride = 1, padding = 0, dilation = 1;
};

std::optional<Steps> steps(Elaborator& e, const Builtin& b, const Arguments& a) {
  Steps s;
  struct Row {
    const char* name;
    std::int64_t* value;
    std::int64_t least;
  };
  const Row rows[] = {{"stride", &s.stride, 1}, {"padding", &s.padding, 0}, {"dilation", &s.dilation, 1}};
  for (std::size_t i = 0; i < 3; ++i) {
    const ArgumentValue* given = a[i + 1];
    if (!given) continue;
    const auto n = e.whole_number(given->value, given->span, rows[i].name);
    if (!n) return std::nullopt;
    if (*n < rows[i].least || *n > 1'000'000) {
      e.fail(code::bad_value, given->span,
             "the " + std::string(rows[i].name) + " of `" + b.name + "` is at least " +
                 std::to_string(rows[i].least) + (*n > 1'000'000 ? " and at most 1000000" : ""),
             "is " + std::to_string(*n));
      return std::nullopt;
    }
    *rows[i].value = *n;
  }
  return s;
}

/// The axes before and after the arrow, of these numbers; the ones before are x's, with its extents.
struct Sides {
  std::vector<Dim> from, to;
};

std::optional<Sides> sides(Elaborator& e, const Builtin& b, const CallSite& site, NodeId x, std::size_t from,
                           std::size_t to, const char* form) {
  Sides s;
  if (!site.axes || !site.axes->arrow) {
    e.fail(code::rename_form, site.axes ? site.axes->span : site.callee,
           "`" + b.name + "` needs an arrow in `[ ]`", "no arrow", std::string("write ") + form);
    return std::nullopt;
  }
  if (!e.axes(*site.axes, false, nullptr, s.from) || !e.axes(*site.axes, true, nullptr, s.to))
    return std::nullopt;
  if (s.from.size() != from || s.to.size() != to) {
    e.fail(code::rename_form, site.axes->span,
           "`" + b.name + "` takes " + std::to_string(from) + (from == 1 ? " axis" : " axes") +
               " and makes " + std::to_string(to),
           std::to_string(s.from.size()) + " become " + std::to_string(s.to.size()),
           std::string("write ") + form);
    return std::nullopt;
  }
  const TensorType& type = e.graph().graph->type(x);
  for (std::size_t i = 0; i < from; ++i) {
    const Dim* mine = type.find(s.from[i].axis);
    if (!mine) {
      e.fail(code::axis_missing, site.axes->items[i].span,
             "`" + b.name + "` needs the axis `" + e.axis_table().name(s.from[i].axis) + "` in its argument",
             "the argument has the axes " + e.describe(x));
      return std::nullopt;
    }
    s.from[i].extent = mine->extent;
  }
  return s;
}

/// False after a diagnostic: the axis that the call makes has an extent, by its declaration or in the
/// brackets, and it isn't the computed one. One that it takes too changes its extent.
bool agrees(Elaborator& e, const ast::AxisItem& item, const Dim& made, bool taken_too,
            const Extent& computed) {
  if ((taken_too && !item.extent) || made.extent == computed) return true;
  const SymbolTable& symbols = e.axis_table().symbols();
  const std::string name = e.axis_table().name(made.axis);
  e.fail(
      code::extent_mismatch, item.span, "the axis has another extent than what it is to hold",
      "`" + name + "` = " + symbols.describe(made.extent) + ", and this gives " + symbols.describe(computed),
      "declare axis " + name + " = " + symbols.describe(computed));
  return false;
}

}  // namespace

/// windows[Y -> Y, K](x, stride, padding, dilation, fill): y[i, j] = x[i stride + j dilation - padding], fill
/// outside. Y becomes floor((n + 2 padding - dilation (k - 1) - 1) / stride) + 1 windows of k positions; on a
/// padded axis n is the length of a row.
Value windows(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`windows`", site, {"x", "stride", "padding", "dilation", "fill"}, 1, a))
    return Poison{};
  NodeId x = e.tensor(a[0]->value, a[0]->span);
  const auto s = steps(e, b, a);
  const auto fill = a[4] ? e.number(a[4]->value, a[4]->span, "fill") : std::optional<double>(0);
  if (x == kNoNode || !s || !fill) return Poison{};
  const auto axes = sides(e, b, site, x, 1, 2, "windows[Y -> Y, K](x)");
  if (!axes) return Poison{};
  Graph& g = *e.graph().graph;
  const AxisId axis = axes->from[0].axis;
  const Dim& made = axes->to[0];
  const Dim& offsets = axes->to[1];
  SymbolTable& symbols = e.axis_table().symbols();
  const Extent whole = axes->from[0].extent + Extent(2 * s->padding);
  const Extent reach = (offsets.extent - Extent(1)) * Extent(s->dilation) + Extent(1);
  const Extent room = whole - reach;
  if (room.constant().value_or(0) < 0 || offsets.extent == Extent(0)) {
    const std::string name = e.axis_table().name(axis);
    return e.fail(code::position_outside, site.axes->span,
                  offsets.extent == Extent(0) ? "a window has at least one position"
                                              : "a window is larger than the axis it is to move along",
                  "`" + e.axis_table().name(offsets.axis) + "` reaches over " + symbols.describe(reach) +
                      ", and `" + name + "` has " + symbols.describe(axes->from[0].extent) +
                      (s->padding > 0 ? ", with padding " + symbols.describe(whole) : ""),
                  s->padding > 0 || s->dilation == 1 ? "" : "a smaller dilation, or padding");
  }
  const Extent count = symbols.floor_divide(room, s->stride) + Extent(1);
  if (!agrees(e, site.axes->to[0], made, made.axis == axis, count)) return Poison{};

  if (const NodeId mask = e.padding_mask(axes->from[0], site.span); mask != kNoNode) {
    x = e.tensor(e.emit(site.span, OpId::where, {mask, e.real(x, site.span), g.constant(*fill)}), site.span);
    if (x == kNoNode) return Poison{};
    // A row of n positions has as many windows as it would have alone: window i ends at i stride + reach - 1
    // of the n + 2 padding positions.
    e.pad_alike(axes->from[0], {made.axis, count}, s->stride, 2 * s->padding, reach, site.span);
  }
  if (s->padding > 0) {
    x = e.real(x, site.span);
    if (x == kNoNode) return Poison{};
    Attributes pad{.axes = {axis}, .extents = {Extent(s->padding)}, .numbers = {0, *fill}};
    pad.type = g.type(x);
    for (Dim& d : pad.type.dims) {
      if (d.axis == axis) d.extent = whole;
    }
    x = e.tensor(e.emit(site.span, OpId::pad, {x}, std::move(pad)), site.span);
  }
  Attributes attributes{.axes = {axis}, .to = {made.axis, offsets.axis}, .extents = {count, offsets.extent}};
  attributes.numbers = {static_cast<double>(s->stride), static_cast<double>(s->dilation)};
  return e.emit(site.span, OpId::windows, {x}, std::move(attributes));
}

/// overlap[Y, K -> Y](x, stride, padding, dilation): windows laid over each other and added, the adjoint of
/// `windows`: (n - 1) stride + dilation (k - 1) + 1 - 2 padding positions.
Value overlap(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`overlap`", site, {"x", "stride", "padding", "dilation"}, 1, a)) return Poison{};
  NodeId x = e.real(e.tensor(a[0]->value, a[0]->span), a[0]->span);
  const auto s = steps(e, b, a);
  if (x == kNoNode || !s) return Poison{};
  const auto axes = sides(e, b, site, x, 2, 1, "overlap[Y, K -> Y](x)");
  if (!axes) return Poison{};
  const Dim &windows = axes->from[0], &offsets = axes->from[1], &made = axes->to[0];
  SymbolTable& symbols = e.axis_table().symbols();
  const Extent reach = (windows.extent - Extent(1)) * Extent(s->stride) +
                       (offsets.extent - Extent(1)) * Extent(s->dilation) + Extent(1);
  const Extent left = reach - Extent(2 * s->padding);
  if (left.constant().value_or(1) < 1) {
    return e.fail(code::position_outside, site.span, "nothing is left without the padding",
                  "the windows reach over " + symbols.describe(reach) + ", and the padding takes " +
                      std::to_string(2 * s->padding));
  }
  const bool taken_too = made.axis == windows.axis || made.axis == offsets.axis;
  if (!agrees(e, site.axes->to[0], made, taken_too, left)) return Poison{};

  AxisId moving = windows.axis, within = offsets.axis;
  if (taken_too) {
    // Both lengths of the axis are walked at once, so one of them needs a name of its own.
    AxisId& mine = made.axis == windows.axis ? moving : within;
    const AxisId aside =
        e.axis_table().declare(e.axis_table()[mine].name, e.graph().graph->type(x).find(mine)->extent);
    x = e.tensor(e.renamed(TensorValue{&e.graph(), x}, {mine}, {aside}, site.span), site.span);
    mine = aside;
  }
  Attributes attributes{.axes = {moving, within}, .to = {made.axis}, .extents = {reach}};
  attributes.numbers = {static_cast<double>(s->stride), static_cast<double>(s->dilation)};
  const Value laid = e.emit(site.span, OpId::overlap, {x}, std::move(attributes));
  if (s->padding == 0 || is_poison(laid)) return laid;
  Attributes inner{.axes = {made.axis}, .extents = {Extent(s->padding), left}};
  return e.emit(site.span, OpId::slice, {e.tensor(laid, site.span)}, std::move(inner));
}

}  // namespace weft::check
