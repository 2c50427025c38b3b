#include <algorithm>
#include <cmath>

#include "lang/check/elaborator.h"

/// What the language knows by itself. Ops of the table come in by their rows; the rest stands below, one
/// function each and one row at the end.
namespace weft::check {

namespace {

using Arguments = std::vector<const ArgumentValue*>;

bool no_axes(Elaborator& e, const Builtin& b, const CallSite& site) {
  if (!site.axes) return true;
  e.fail(code::axis_count, site.axes->span, "`" + b.name + "` takes no axes", "not needed");
  return false;
}

/// The tensors of a call whose arguments are all positional.
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

/// exp, sqrt, ... of a number known before the run.
std::optional<double> fold(OpId op, const std::vector<double>& x) {
  switch (op) {
    case OpId::exp:
      return std::exp(x[0]);
    case OpId::log:
      return std::log(x[0]);
    case OpId::sqrt:
      return std::sqrt(x[0]);
    case OpId::cos:
      return std::cos(x[0]);
    case OpId::sin:
      return std::sin(x[0]);
    case OpId::abs:
      return std::abs(x[0]);
    case OpId::minimum:
      return std::min(x[0], x[1]);
    case OpId::maximum:
      return std::max(x[0], x[1]);
    default:
      return std::nullopt;
  }
}

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
  if (numbers.size() == site.arguments.size() && numbers.size() == arity) {
    if (const auto folded = fold(b.op->id, numbers)) return NumberValue{*folded, false};
  }
  auto nodes = tensors(e, b, site, arity);
  if (!nodes) return Poison{};
  for (std::size_t i = b.op->id == OpId::where ? 1 : 0; i < nodes->size(); ++i) {
    (*nodes)[i] = e.real((*nodes)[i], site.span);
  }
  return e.emit(site.span, b.op->id, *nodes);
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

/// False after a diagnostic: `index` holds no positions of `axis`.
bool indexes(Elaborator& e, const Builtin& b, NodeId index, AxisId axis, Span span) {
  const Element element = e.graph().graph->type(index).element;
  if (element.kind == ElementKind::integer || element == Element{ElementKind::index, axis}) return true;
  e.fail(code::wrong_index, span,
         "`" + b.name + "` takes indices of `" + e.axis_table().name(axis) + "` here",
         "is " + e.describe(index));
  return false;
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
    const NodeId mask = e.padding_mask(axis, span);
    if (mask == kNoNode) continue;
    const TensorType& have = g.type(e.tensor(out.x, span));
    const auto& needed = g.type(mask).dims;
    if (!std::all_of(needed.begin(), needed.end(), [&](const Dim& d) { return have.has(d.axis); })) continue;
    out.x = e.emit(span, OpId::where, {mask, e.tensor(out.x, span), g.constant(filler)});
    out.mask = out.mask == kNoNode ? mask : e.tensor(e.emit(span, OpId::logical_and, {out.mask, mask}), span);
  }
  return out;
}

/// sum, mean, max, argmax, softmax, log_softmax: over the axes in `[ ]`, padding left out.
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
  if (axes->size() != 1 && (op == OpId::argmax || op == OpId::softmax || op == OpId::log_softmax)) {
    return e.fail(code::axis_count, site.axes->span, "`" + b.name + "` goes along one axis",
                  std::to_string(axes->size()) + " given", "rename[T, D -> TD] makes one axis of several");
  }
  const bool adds = op == OpId::sum || op == OpId::mean;
  const Masked masked =
      without_padding(e, x, *axes, adds ? 0.0 : -std::numeric_limits<double>::infinity(), site.span);
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

Value dot(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 2);
  if (!nodes) return Poison{};
  const auto axes = axes_of(e, b, site, (*nodes)[0]);
  if (!axes) return Poison{};
  Attributes attributes;
  attributes.axes = *axes;
  return e.emit(site.span, OpId::dot, {e.real((*nodes)[0], site.span), e.real((*nodes)[1], site.span)},
                std::move(attributes));
}

Value cross_entropy(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"logits", "target"}, 2, a)) return Poison{};
  const NodeId logits = e.tensor(a[0]->value, a[0]->span), target = e.tensor(a[1]->value, a[1]->span);
  if (logits == kNoNode || target == kNoNode) return Poison{};
  const auto axes = axes_of(e, b, site, logits);
  if (!axes) return Poison{};
  if (axes->size() != 1) {
    return e.fail(code::axis_count, site.axes->span, "`cross_entropy` goes along one axis",
                  std::to_string(axes->size()) + " given");
  }
  if (!indexes(e, b, target, (*axes)[0], a[1]->span)) return Poison{};
  Attributes attributes;
  attributes.axes = *axes;
  return e.emit(site.span, OpId::cross_entropy, {target, logits}, std::move(attributes));
}

Value at(Elaborator& e, const Builtin& b, CallSite& site) {
  if (site.arguments.empty())
    return e.fail(code::missing_argument, site.span, "`at` needs a tensor", "none given");
  const NodeId table = e.tensor(site.arguments[0].value, site.arguments[0].span);
  if (table == kNoNode) return Poison{};
  const auto axes = axes_of(e, b, site, table);
  if (!axes) return Poison{};
  const std::size_t indices = site.arguments.size() - 1;
  if (axes->size() != indices) {
    return e.fail(code::axis_count, site.axes->span, "`at` takes one index for each axis in `[ ]`",
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
        return e.fail(code::bad_value, a.span,
                      "this position lies outside `" + e.axis_table().name((*axes)[i]) + "`",
                      extent ? "positions are 0 to " + std::to_string(*extent - 1) : "positions start at 0");
      }
      nodes.push_back(e.graph().graph->constant(literal->value, TensorType{{ElementKind::integer, {}}, {}}));
      continue;
    }
    nodes.push_back(e.tensor(a.value, a.span));
    if (nodes.back() == kNoNode || !indexes(e, b, nodes.back(), (*axes)[i], a.span)) return Poison{};
  }
  Attributes attributes;
  attributes.axes = *axes;
  return e.emit(site.span, OpId::gather, std::move(nodes), std::move(attributes));
}

Value dropout(Elaborator& e, const Builtin& b, CallSite& site) {
  if (!no_axes(e, b, site)) return Poison{};
  Arguments a;
  if (!e.match_arguments("`dropout`", site, {"x", "rate"}, 2, a)) return Poison{};
  const NodeId x = e.real(e.tensor(a[0]->value, a[0]->span), a[0]->span);
  const auto rate = e.number(a[1]->value, a[1]->span, "dropout's rate");
  if (x == kNoNode || !rate) return Poison{};
  if (!(*rate >= 0 && *rate < 1)) {
    return e.fail(code::bad_value, a[1]->span, "a dropout rate is at least 0 and less than 1",
                  "out of range");
  }
  if (!e.graph().training || *rate == 0) return TensorValue{&e.graph(), x};
  Attributes attributes;
  attributes.numbers = {*rate};
  attributes.index = e.next_stream();
  for (const Dim& d : e.graph().graph->type(x).dims) attributes.axes.push_back(d.axis);
  return e.emit(site.span, OpId::dropout, {x}, std::move(attributes));
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
    return e.fail(code::axis_count, site.axes->span,
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

/// rename[a -> b], rename[a, b -> c] (merge), rename[a -> b, c] (split).
Value rename(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes) return Poison{};
  std::vector<Dim> from, to;
  if (!site.axes || !site.axes->arrow) {
    return e.fail(code::axis_count, site.axes ? site.axes->span : site.callee,
                  "`rename` needs an arrow in `[ ]`", "no arrow", "write rename[T -> T'](x)");
  }
  if (!e.axes(*site.axes, false, nullptr, from) || !e.axes(*site.axes, true, nullptr, to)) return Poison{};
  if (from.empty() || to.empty() || (from.size() > 1 && to.size() > 1)) {
    return e.fail(code::axis_count, site.axes->span, "one axis becomes one or several, or several become one",
                  std::to_string(from.size()) + " axes become " + std::to_string(to.size()));
  }
  const NodeId x = (*nodes)[0];
  Attributes attributes;
  for (const Dim& d : from) attributes.axes.push_back(d.axis);
  for (const Dim& d : to) attributes.to.push_back(d.axis);
  if (from.size() == 1 && to.size() == 1) {
    auto& lengths = e.graph().root().lengths;
    if (const auto it = lengths.find(from[0].axis); it != lengths.end()) lengths[to[0].axis] = it->second;
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
    return e.fail(code::axis_count, site.axes->span, "`slice` goes along one axis",
                  std::to_string(axes->size()) + " given");
  }
  const Extent whole = e.graph().graph->type(x).find((*axes)[0])->extent;
  if ((whole - *from - *length).constant().value_or(0) < 0) {
    return e.fail(code::bad_value, a[2]->span,
                  "this slice goes beyond the end of `" + e.axis_table().name((*axes)[0]) + "`",
                  "the extent is " + e.axis_table().symbols().describe(whole));
  }
  Attributes attributes;
  attributes.axes = *axes;
  attributes.extents = {*from, *length};
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
    return e.fail(code::axis_count, site.axes->span, "`last` goes along one axis",
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
    return e.fail(code::axis_count, site.axes ? site.axes->span : site.callee,
                  "`position` goes along one axis", std::to_string(dims.size()) + " given",
                  "write position[T]()");
  }
  Attributes attributes;
  attributes.axes = {dims[0].axis};
  attributes.type = {{ElementKind::integer, {}}, dims};
  return e.emit(site.span, OpId::position, {}, std::move(attributes));
}

Value real_of(Elaborator& e, const Builtin& b, CallSite& site) {
  auto nodes = tensors(e, b, site, 1);
  if (!nodes || !no_axes(e, b, site)) return Poison{};
  // An index counts as a number only where that is asked for.
  return e.emit(site.span, OpId::cast, *nodes);
}

Value labels(Elaborator& e, const Builtin&, CallSite& site) {
  std::vector<std::string> names;
  for (const ArgumentValue& a : site.arguments) {
    const auto t = e.text(a.value, a.span, "`labels`");
    if (!t) return Poison{};
    if (std::find(names.begin(), names.end(), *t) != names.end()) {
      return e.fail(code::declared_twice, a.span, "label \"" + *t + "\" is given twice", "the second time");
    }
    names.push_back(*t);
  }
  const auto n = static_cast<std::int64_t>(names.size());
  return LabelsValue{std::make_shared<Labels>(std::move(names)), Extent(n), {}};
}

/// words(min_count = 2), chars(...): how text becomes tokens.
Value tokenizer(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"min_count", "normalize", "fold_case", "locale"}, 0, a)) {
    return Poison{};
  }
  TokenizerValue t;
  t.settings.kind = b.name;
  if (a[0]) {
    const auto n = e.whole_number(a[0]->value, a[0]->span, "min_count");
    if (!n) return Poison{};
    if (*n < 1) return e.fail(code::bad_value, a[0]->span, "min_count is at least 1", "too small");
    t.min_count = *n;
  }
  if (a[1]) {
    const auto s = e.text(a[1]->value, a[1]->span, "normalize");
    if (!s) return Poison{};
    if (*s == "none") {
      t.settings.normalize = nlp::Normalize::none;
    } else if (*s == "nfc") {
      t.settings.normalize = nlp::Normalize::nfc;
    } else if (*s == "nfkc") {
      t.settings.normalize = nlp::Normalize::nfkc;
    } else {
      return e.fail(code::bad_value, a[1]->span, "normalize is none, nfc or nfkc", "not one of them");
    }
  }
  if (a[2]) {
    const auto* fold_case = as<BoolValue>(a[2]->value);
    if (!fold_case)
      return e.fail(code::wrong_kind, a[2]->span, "fold_case is true or false", kind_of(a[2]->value));
    t.settings.fold_case = fold_case->value;
  }
  if (a[3]) {
    const auto s = e.text(a[3]->value, a[3]->span, "locale");
    if (!s) return Poison{};
    t.settings.locale = *s;
  }
  return t;
}

Value schedule(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"rate", "warmup"}, 1, a)) return Poison{};
  const auto rate = e.number(a[0]->value, a[0]->span, "a learning rate");
  const auto warmup = a[1] ? e.number(a[1]->value, a[1]->span, "warmup") : std::optional<double>(0);
  if (!rate || !warmup) return Poison{};
  if (*warmup < 0) return e.fail(code::bad_value, a[1]->span, "warmup is a number of steps", "negative");
  return ScheduleValue{b.name == "linear" ? ScheduleValue::Kind::linear : ScheduleValue::Kind::cosine, *rate,
                       *warmup};
}

/// sgd(rate, clip), adam(rate, beta1, beta2, epsilon, decay, clip).
Value optimizer(Elaborator& e, const Builtin& b, CallSite& site) {
  const bool adam = b.name == "adam";
  const std::vector<std::string> names =
      adam ? std::vector<std::string>{"rate", "beta1", "beta2", "epsilon", "decay", "clip"}
           : std::vector<std::string>{"rate", "clip"};
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, names, 1, a)) return Poison{};
  OptimizerValue o;
  o.kind = adam ? OptimizerValue::Kind::adam : OptimizerValue::Kind::sgd;
  if (const auto* s = as<ScheduleValue>(a[0]->value)) {
    o.rate = *s;
  } else if (const auto* i = as<InitializerValue>(a[0]->value);
             i && i->initializer.kind == Initializer::Kind::constant) {
    o.rate = {ScheduleValue::Kind::constant, i->initializer.a, 0};
  } else if (const auto n = e.number(a[0]->value, a[0]->span, "a learning rate")) {
    o.rate = {ScheduleValue::Kind::constant, *n, 0};
  } else {
    return Poison{};
  }
  double* const adam_slots[] = {nullptr, &o.beta1, &o.beta2, &o.epsilon, &o.decay, &o.clip};
  double* const sgd_slots[] = {nullptr, &o.clip};
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (!a[i]) continue;
    const auto n = e.number(a[i]->value, a[i]->span, names[i]);
    if (!n) return Poison{};
    if (*n < 0) return e.fail(code::bad_value, a[i]->span, names[i] + " can't be negative", "negative");
    *(adam ? adam_slots[i] : sgd_slots[i]) = *n;
  }
  return o;
}

Value generate(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`generate`", site, {"model", "prompt", "tokens", "temperature"}, 2, a))
    return Poison{};
  auto generation = std::make_shared<Generation>();
  const auto prompt = e.text(a[1]->value, a[1]->span, "generate's prompt");
  if (!prompt) return Poison{};
  generation->prompt = *prompt;
  if (a[2]) {
    const auto n = e.whole_number(a[2]->value, a[2]->span, "tokens");
    if (!n) return Poison{};
    if (*n < 0) return e.fail(code::bad_value, a[2]->span, "tokens can't be negative", "negative");
    generation->tokens = *n;
  }
  if (a[3]) {
    const auto n = e.number(a[3]->value, a[3]->span, "temperature");
    if (!n) return Poison{};
    if (*n < 0) return e.fail(code::bad_value, a[3]->span, "a temperature is 0 or more", "negative");
    generation->temperature = *n;
  }
  auto model = e.text_model(a[0]->value, nullptr, a[0]->span);
  if (!model) return Poison{};
  const TensorType& result = model->computation.graph->type(model->computation.outputs[0]);
  if (!model->has_time || !result.has(model->time.axis) || !result.has(model->vocabulary)) {
    return e.fail(
        code::wrong_kind, a[0]->span, "only a model that scores the next word can generate",
        "it maps " +
            describe(e.program().variables[static_cast<std::size_t>(model->input)].type, e.axis_table()) +
            " to " + describe(result, e.axis_table()),
        "its result needs the axes of time and of the vocabulary");
  }
  generation->model = std::move(*model);
  generation->stream = e.next_stream();
  return GenerationValue{generation};
}

/// Axis ops of the table that want more than their row says.
Value (*special(OpId op))(Elaborator&, const Builtin&, CallSite&) {
  switch (op) {
    case OpId::dot:
      return dot;
    case OpId::cross_entropy:
      return cross_entropy;
    default:
      return over_axes;
  }
}

std::vector<OpId> op_ids() {
  return {
#define WEFT_OP(name, kind, surface) OpId::name,
#include "tensor/ops.def"
#undef WEFT_OP
  };
}

std::vector<Builtin> make_builtins() {
  std::vector<Builtin> all = {
      {"at", "at[axes](table, index, ...)  the rows of a table at indices of its axes", at},
      {"chars", "chars(min_count, normalize, fold_case)  text as characters", tokenizer},
      {"words", "words(min_count, normalize, fold_case, locale)  text as words", tokenizer},
      {"concat", "concat[axis](x, y, ...)  one after the other along an axis", concat},
      {"unstack", "unstack[axis](x)  one value for each position of an axis", unstack},
      {"slice", "slice[axis](x, from, length)  a stretch of an axis", slice},
      {"last", "last[axis](x)  the last position of an axis; of a padded scan, where each row ended", last},
      {"rename", "rename[a -> b](x)  another name; [a, b -> c] merges, [a -> b, c] splits", rename},
      {"position", "position[axis]()  0, 1, 2, ... along an axis", position},
      {"real", "real(x)  integers, truth values and indices as real numbers", real_of},
      {"dropout", "dropout(x, rate)  in training, zero with probability rate, else x / (1 - rate)", dropout},
      {"labels", "labels(\"a\", \"b\")  names for the positions of an axis", labels},
      {"linear", "linear(rate, warmup)  a learning rate that falls in a line to 0", schedule},
      {"cosine", "cosine(rate, warmup)  a learning rate that falls along a cosine to 0", schedule},
      {"sgd", "sgd(rate, clip)  gradient descent", optimizer},
      {"adam", "adam(rate, beta1, beta2, epsilon, decay, clip)  Kingma and Ba 2015", optimizer},
      {"generate", "generate(model, prompt, tokens, temperature)  text that goes on from a prompt", generate},
  };
  for (const char* name : {"zeros", "ones", "constant", "normal", "uniform", "glorot", "he", "orthogonal"}) {
    all.push_back({name, std::string(name) + "  an initializer; with axes a tensor", fill});
  }
  for (const OpId id : op_ids()) {
    const Op& row = op(id);
    if (row.surface == Surface::hidden) continue;
    const bool values = row.surface == Surface::values;
    const std::string name(row.name);
    all.push_back({name, name + (values ? "(x)  " : "[axes](x)  ") + std::string(row.formula),
                   values ? elementwise : special(id), &row});
  }
  return all;
}

}  // namespace

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = make_builtins();
  return all;
}

NodeId Elaborator::padding_mask(AxisId axis, Span span) {
  const auto& lengths = graph_->root().lengths;
  const auto it = lengths.find(axis);
  if (it == lengths.end()) return kNoNode;
  const NodeId length = import_node(TensorValue{&graph_->root(), it->second});
  Attributes attributes;
  attributes.axes = {axis};
  attributes.type = {{ElementKind::integer, {}}, {{axis, axis_table()[axis].extent}}};
  const Value where = emit(span, OpId::position, {}, std::move(attributes));
  return tensor(emit(span, OpId::less, {tensor(where, span), length}), span);
}

const std::vector<Dim>* Elaborator::rest() const {
  const Scope* s = scope_->with_rest();
  return s ? &s->rest : nullptr;
}

}  // namespace weft::check
