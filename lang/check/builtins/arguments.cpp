#include "lang/check/builtins/arguments.h"

#include "lang/check/suggest.h"

namespace weft::check {

bool no_axes(Elaborator& e, const Builtin& b, const CallSite& site) {
  if (!site.axes) return true;
  e.fail(code::axes_not_taken, site.axes->span, "`" + b.name + "` takes no axes", "not needed",
         "leave the brackets out", {}, Fix{site.axes->span, ""});
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
    const std::vector<Dim>& dims = e.graph().graph->type(x).dims;
    const std::string with =
        b.name + "[" + (dims.empty() ? "T" : e.axis_table().name(dims.back().axis)) + "]";
    const bool only = dims.size() == 1 && !site.axes;
    e.fail(code::axes_needed, site.axes ? site.axes->span : site.callee,
           "`" + b.name + "` needs its axes in `[ ]`", site.axes ? "an arrow" : "no axes",
           "write " + with + "(...)" + (only ? "" : " with the axes it works on"), {},
           replaced(site.callee, only ? with : ""));
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

bool indexes(Elaborator& e, const Builtin& b, NodeId index, AxisId axis, Span span, std::optional<Fix> fix) {
  const Element element = e.graph().graph->type(index).element;
  if (element.kind == ElementKind::integer || element == Element{ElementKind::index, axis}) return true;
  std::string help;
  if (fix) {
    help = "write " + b.name + fix->text + (fix->text.back() == ']' ? "(...)" : ", ...)");
  } else if (const std::string other = index_into(e, axis); !other.empty()) {
    fix = Fix{span, other};
    help = "did you mean `" + other + "`?";
  }
  e.fail(code::wrong_index, span,
         "`" + b.name + "` takes indices of `" + e.axis_table().name(axis) + "` here",
         "is " + e.describe(index), help, {}, std::move(fix));
  return false;
}

}  // namespace weft::check
