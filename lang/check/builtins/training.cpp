#include <algorithm>

#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// Schedules, optimizers, regularizers.
namespace weft::check {

namespace {

using Kind = ScheduleValue::Kind;

/// A learning rate: a number, a schedule, or a function of the script of the step's number and, if it takes
/// two arguments, of how many there are.
std::optional<ScheduleValue> rate_of(Elaborator& e, const ArgumentValue& a) {
  if (const auto* s = as<ScheduleValue>(a.value)) return *s;
  ScheduleValue out;
  if (const auto* i = as<InitializerValue>(a.value);
      i && i->initializer.kind == Initializer::Kind::constant) {
    out.rate = i->initializer.a;
    return out;
  }
  if (const auto* f = as<FunctionValue>(a.value)) {
    const std::size_t n = f->declaration->parameters.size();
    if (n != 1 && n != 2) {
      e.fail(code::bad_value, a.span, "a schedule is a function of the step, or of the step and their number",
             "takes " + std::to_string(n) + " arguments",
             "write fn name(s: []) -> [] { ... } or fn name(s: [], n: []) -> [] { ... }");
      return std::nullopt;
    }
    out.kind = Kind::function;
    out.function = *f;
    return out;
  }
  const auto n = e.number(a.value, a.span, "a learning rate");
  if (!n) return std::nullopt;
  out.rate = *n;
  return out;
}

/// A number of at least `least`; `fallback` where the argument isn't given.
std::optional<double> at_least(Elaborator& e, const ArgumentValue* a, const char* name, double least,
                               double fallback) {
  if (!a) return fallback;
  const auto n = e.number(a->value, a->span, name);
  if (!n) return std::nullopt;
  if (!(*n >= least)) {
    e.fail(code::bad_value, a->span,
           std::string(name) +
               (least == 0 ? " can't be negative" : " is at least " + std::to_string(int(least))),
           least == 0 ? "negative" : "too small");
    return std::nullopt;
  }
  return n;
}

ScheduleValue warmed(double steps, ScheduleValue then) {
  if (steps == 0) return then;
  ScheduleValue out;
  out.kind = Kind::warmup;
  out.steps = steps;
  out.then = std::make_shared<ScheduleValue>(std::move(then));
  return out;
}

}  // namespace

/// linear(rate, warmup), cosine(rate, warmup).
Value schedule(Elaborator& e, const Builtin& b, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"rate", "warmup"}, 1, a)) return Poison{};
  const auto rate = e.number(a[0]->value, a[0]->span, "a learning rate");
  const auto warmup = at_least(e, a[1], "warmup", 0, 0);
  if (!rate || !warmup) return Poison{};
  ScheduleValue s;
  s.kind = b.name == "linear" ? Kind::linear : Kind::cosine;
  s.rate = *rate;
  return warmed(*warmup, s);
}

/// exponential(rate, decay, every).
Value exponential(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`exponential`", site, {"rate", "decay", "every"}, 2, a)) return Poison{};
  const auto rate = e.number(a[0]->value, a[0]->span, "a learning rate");
  const auto decay = at_least(e, a[1], "decay", 0, 1), every = at_least(e, a[2], "every", 1, 1);
  if (!rate || !decay || !every) return Poison{};
  ScheduleValue s;
  s.kind = Kind::exponential;
  s.rate = *rate;
  s.decay = *decay;
  s.every = *every;
  return s;
}

/// plateau(rate, factor, patience).
Value plateau(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`plateau`", site, {"rate", "factor", "patience"}, 1, a)) return Poison{};
  const auto rate = e.number(a[0]->value, a[0]->span, "a learning rate");
  const auto factor = at_least(e, a[1], "factor", 0, 0.1);
  const auto patience =
      a[2] ? e.whole_number(a[2]->value, a[2]->span, "patience") : std::optional<std::int64_t>(1);
  if (!rate || !factor || !patience) return Poison{};
  if (*factor >= 1) return e.fail(code::bad_value, a[1]->span, "factor is less than 1", "too large");
  if (*patience < 1) return e.fail(code::bad_value, a[2]->span, "patience is at least 1", "too small");
  ScheduleValue s;
  s.kind = Kind::plateau;
  s.rate = *rate;
  s.decay = *factor;
  s.patience = *patience;
  return s;
}

/// warmup(steps, then).
Value warmup(Elaborator& e, const Builtin&, CallSite& site) {
  Arguments a;
  if (!e.match_arguments("`warmup`", site, {"steps", "then"}, 2, a)) return Poison{};
  const auto steps = at_least(e, a[0], "steps", 0, 0);
  const auto then = rate_of(e, *a[1]);
  if (!steps || !then) return Poison{};
  return warmed(*steps, *then);
}

/// sgd momentum nesterov adagrad rmsprop adam adamw: the rate first, then what the paper calls its constants,
/// `clip` last.
Value optimizer(Elaborator& e, const Builtin& b, CallSite& site) {
  struct Row {
    const char* name;
    OptimizerValue::Kind kind;
    std::vector<std::string> names;
    std::vector<double> defaults;
  };
  static const std::vector<Row> rows = {
      {"sgd", OptimizerValue::Kind::sgd, {}, {}},
      {"momentum", OptimizerValue::Kind::momentum, {"momentum"}, {0.9}},
      {"nesterov", OptimizerValue::Kind::momentum, {"momentum"}, {0.9}},
      {"adagrad", OptimizerValue::Kind::adagrad, {"epsilon"}, {1e-10}},
      {"rmsprop", OptimizerValue::Kind::rmsprop, {"beta", "epsilon"}, {0.9, 1e-8}},
      {"adam", OptimizerValue::Kind::adam, {"beta1", "beta2", "epsilon", "decay"}, {0.9, 0.999, 1e-8, 0}},
      {"adamw", OptimizerValue::Kind::adam, {"beta1", "beta2", "epsilon", "decay"}, {0.9, 0.999, 1e-8, 0.01}},
  };
  const Row& row = *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return b.name == r.name; });
  std::vector<std::string> names = {"rate"};
  names.insert(names.end(), row.names.begin(), row.names.end());
  names.push_back("clip");
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, names, 1, a)) return Poison{};
  const auto rate = rate_of(e, *a[0]);
  if (!rate) return Poison{};
  OptimizerValue o;
  o.kind = row.kind;
  o.rate = *rate;
  o.numbers = row.defaults;
  o.numbers.push_back(0);  // clip
  for (std::size_t i = 1; i < a.size(); ++i) {
    const auto n = at_least(e, a[i], names[i].c_str(), 0, o.numbers[i - 1]);
    if (!n) return Poison{};
    const bool average = names[i] == "momentum" || names[i].starts_with("beta");
    if (average && *n >= 1) {
      return e.fail(code::bad_value, a[i]->span, names[i] + " is less than 1", "too large");
    }
    o.numbers[i - 1] = *n;
  }
  o.clip = o.numbers.back();
  o.numbers.pop_back();
  if (b.name == "momentum") o.numbers.push_back(0);
  if (b.name == "nesterov") o.numbers.push_back(1);
  if (b.name == "adam")
    o.numbers.insert(o.numbers.begin() + 3, 0);  // decay as L2, not apart from the gradient
  if (b.name == "adamw") o.numbers.push_back(0);
  return o;
}

/// l1(model), l2(model): the sum of |w|, or of w^2, over all parameters.
Value regularizer(Elaborator& e, const Builtin& b, CallSite& site) {
  if (!no_axes(e, b, site)) return Poison{};
  Arguments a;
  if (!e.match_arguments("`" + b.name + "`", site, {"model"}, 1, a)) return Poison{};
  std::vector<NamedParameter> found;
  e.parameters_of(a[0]->value, found);
  if (found.empty()) {
    return e.fail(code::nothing_to_train, a[0]->span, "`" + b.name + "` takes what has parameters",
                  kind_of(a[0]->value) + " without parameters", "name a model, a layer or a parameter");
  }
  Graph& g = *e.graph().graph;
  NodeId total = kNoNode;
  for (const NamedParameter& p : found) {
    const NodeId w = e.node_of(p.variable);
    NodeId sum = b.name == "l1" ? g.emit(OpId::abs, {w}) : g.emit(OpId::mul, {w, w});
    Attributes attributes;
    for (const Dim& d : g.type(w).dims) attributes.axes.push_back(d.axis);
    if (!attributes.axes.empty()) sum = g.emit(OpId::sum, {sum}, std::move(attributes));
    total = total == kNoNode ? sum : g.emit(OpId::add, {total, sum});
  }
  return TensorValue{&e.graph(), total};
}

}  // namespace weft::check
