#include "lang/check/builtins/arguments.h"

namespace weft::check {

bool no_axes(Elaborator& e, const Builtin& b, const CallSite& site) {
  if (!site.axes) return true;
  e.fail(code::axis_count, site.axes->span, "`" + b.name + "` takes no axes", "not needed");
  return false;
}

std::optional<std::vector<NodeId>> tensors(Elaborator& e, const Builtin& b, CallSite& site,
                                           std::size_t count) {
  static const std::vector<std::string> names = {"x", "y", "z"};
  Arguments arguments;
  const std::vector<std::string> mine(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count));
  if (!e.match_arguments("`" + b.name + "`", site, mine, count, arguments)) return std::nullopt;
  std::vector<NodeId> nodes;
  for (const ArgumentValue* a : arguments) {
    nodes.push_back(e.tensor(a->value, a->span));
    if (nodes.back() == kNoNode) return std::nullopt;
  }
  return nodes;
}

std::optional<std::vector<AxisId>> axes_of(Elaborator& e, const Builtin& b, const CallSite& site, NodeId x) {
  if (!site.axes || site.axes->arrow) {
    e.fail(code::axis_count, site.axes ? site.axes->span : site.callee,
           "`" + b.name + "` needs its axes in `[ ]`", "no axes",
           "write " + b.name + "[T](...) with the axes it works on");
    return std::nullopt;
  }
  std::vector<Dim> dims;
  std::vector<Dim> rest = e.graph().graph->type(x).dims;
  for (const ast::AxisItem& item : site.axes->items) {
    if (item.rest) continue;
    const auto d = e.axis(item);
    if (!d) return std::nullopt;
    if (!e.graph().graph->type(x).has(d->axis)) {
      e.fail(code::axis_missing, item.span,
             "`" + b.name + "` needs the axis `" + e.axis_table().name(d->axis) + "` in its argument",
             "the argument has the axes " + e.describe(x));
      return std::nullopt;
    }
    std::erase_if(rest, [&](const Dim& r) { return r.axis == d->axis; });
  }
  if (!e.axes(*site.axes, false, &rest, dims)) return std::nullopt;
  std::vector<AxisId> axes;
  for (const Dim& d : dims) axes.push_back(d.axis);
  return axes;
}

bool indexes(Elaborator& e, const Builtin& b, NodeId index, AxisId axis, Span span) {
  const Element element = e.graph().graph->type(index).element;
  if (element.kind == ElementKind::integer || element == Element{ElementKind::index, axis}) return true;
  e.fail(code::wrong_index, span,
         "`" + b.name + "` takes indices of `" + e.axis_table().name(axis) + "` here",
         "is " + e.describe(index));
  return false;
}

}  // namespace weft::check
