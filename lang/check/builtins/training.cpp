#include "lang/check/builtins/arguments.h"
#include "lang/check/builtins/table.h"

/// Schedules and optimizers.
namespace weft::check {

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

}  // namespace weft::check
