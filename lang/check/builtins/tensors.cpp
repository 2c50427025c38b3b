#include <algorithm>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"
#include "lang/check/guards.h"

/// Tensors and parameters made from nothing, and dropout.
namespace weft::check {

namespace {

/// The graph in which all of `axes` that x lacks are still ahead: outside the scans along them. Null after a
/// diagnostic.
GraphScope* outside_scans(Elaborator& e, const ast::AxisList& list, const std::vector<Dim>& axes, NodeId x) {
  GraphScope* out = &e.graph();
  const TensorType type = e.graph().graph->type(x);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (type.has(axes[i].axis)) continue;
    GraphScope* at = &e.graph();
    while (at->outer && at->body->axis.axis != axes[i].axis) at = at->outer;
    if (!at->outer) {
      e.fail(code::axis_missing, list.items[i].span,
             "`dropout` needs the axis `" + e.axis_table().name(axes[i].axis) +
                 "` in its argument, or a scan along it",
             "the argument has the axes " + e.describe(x));
      return nullptr;
    }
    // Of several the outermost.
    bool further = false;
    for (const GraphScope* s = out; s; s = s->outer) further = further || s == at->outer;
    if (further) out = at->outer;
  }
  return out;
}

}  // namespace

/// dropout(x, rate); dropout[T](x, rate): one mask for all positions of T, which x has or a scan goes along.
Value dropout(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`dropout`", site, {"x", "rate"}, 2, a)) return Poison{};
  const NodeId x = e.real(e.tensor(a[0]->value, a[0]->span), a[0]->span);
  const auto rate = e.number(a[1]->value, a[1]->span, "dropout's rate");
  if (x == kNoNode || !rate) return Poison{};
  if (!(*rate >= 0 && *rate < 1)) {
    return e.fail(code::bad_value, a[1]->span, "a dropout rate is at least 0 and less than 1",
                  "out of range");
  }
  std::vector<Dim> locked;
  if (site.axes && !e.axes(*site.axes, false, nullptr, locked)) return Poison{};
  GraphScope* where = site.axes ? outside_scans(e, *site.axes, locked, x) : &e.graph();
  if (!where) return Poison{};
  if (!e.graph().training || *rate == 0) return TensorValue{&e.graph(), x};
  Attributes attributes;
  attributes.numbers = {*rate};
  attributes.index = e.next_stream();
  TensorType type;
  for (const Dim& d : e.graph().graph->type(x).dims) {
    const auto is_it = [&](const Dim& l) { return l.axis == d.axis; };
    if (std::any_of(locked.begin(), locked.end(), is_it)) continue;
    type.dims.push_back(d);
    attributes.axes.push_back(d.axis);
  }
  if (!site.axes) return e.emit(site.span, OpId::dropout, {x}, std::move(attributes));
  Value mask;
  {
    const GraphGuard outside(e, where);
    const NodeId ones = e.graph().graph->constant(1, type);
    mask = e.emit(site.span, OpId::dropout, {ones}, std::move(attributes));
  }
  if (is_poison(mask)) return Poison{};
  return e.emit(site.span, OpId::mul, {x, e.tensor(mask, site.span)});
}

/// zeros ones constant normal uniform: with axes a tensor, without an initializer. glorot he orthogonal: the
/// latter.
Value fill(Elaborator& e, const Builtin& b, CallSite& site) {
  using Kind = Initializer::Kind;
  struct Row {
    const char* name;
    Kind kind;
    std::vector<std::string> names;
    std::size_t required;
    double a, b;
  };
  static const std::vector<Row> rows = {
      {"zeros", Kind::zeros, {}, 0, 0, 0},
      {"ones", Kind::ones, {}, 0, 1, 0},
      {"constant", Kind::constant, {"value"}, 1, 0, 0},
      {"normal", Kind::normal, {"mean", "stddev"}, 0, 0, 1},
      {"uniform", Kind::uniform, {"low", "high"}, 0, 0, 1},
      {"glorot", Kind::glorot, {}, 0, 0, 0},
      {"he", Kind::he, {}, 0, 0, 0},
      {"orthogonal", Kind::orthogonal, {}, 0, 0, 0},
  };
  const Row& row = *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return b.name == r.name; });
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, row.names, row.required, a)) return Poison{};
  double x[2] = {row.a, row.b};
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i]) continue;
    const auto n = e.number(a[i]->value, a[i]->span, "`" + b.name + "`");
    if (!n) return Poison{};
    x[i] = *n;
  }
  if (row.kind == Kind::zeros) x[0] = 0;
  if (!site.axes) return InitializerValue{{row.kind, x[0], x[1]}};
  if (row.kind == Kind::glorot || row.kind == Kind::he || row.kind == Kind::orthogonal) {
    return e.fail(code::axes_not_taken, site.axes->span,
                  "`" + b.name + "` is for parameters and takes their axes", "not needed",
                  "write param W: [In, Out] = " + b.name + "()");
  }
  TensorType type;
  const std::vector<Dim>* rest = e.rest();
  if (!e.axes(*site.axes, false, rest, type.dims)) return Poison{};
  Graph& g = *e.graph().graph;
  g.set_origin(site.span);
  if (row.kind == Kind::zeros || row.kind == Kind::ones || row.kind == Kind::constant) {
    return TensorValue{&e.graph(), g.constant(x[0], type)};
  }
  Attributes attributes;
  attributes.type = type;
  attributes.numbers = {x[0], x[1]};
  attributes.index = e.next_stream();
  return e.emit(site.span, row.kind == Kind::normal ? OpId::random_normal : OpId::random_uniform, {},
                std::move(attributes));
}

}  // namespace weft::check
