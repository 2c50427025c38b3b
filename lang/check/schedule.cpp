#include "lang/check/training_reader.h"

/// Schedules: the learning rate as nodes of the step's graph.
namespace weft::check {

NodeId TrainingReader::rate(const ScheduleValue& schedule) {
  if (schedule.kind == ScheduleValue::Kind::constant) return e_.graph().graph->constant(schedule.rate);
  return rate(schedule, e_.node_of(t_.step_number), e_.node_of(t_.total_steps));
}

/// The learning rate at step s = 1, 2, ... of `total`:
///   constant     rate
///   linear       rate (1 - p), with p = (s - 1) / total
///   cosine       rate (1 + cos pi p) / 2      (Loshchilov and Hutter 2017, eq. 5, one cycle)
///   exponential  rate decay^((s - 1) / every)
///   plateau      rate factor^r, r the plateaus there were before this epoch (see Plateau)
///   warmup       then(s') min(1, s / n), where `then` counts from the end of the warmup: s' = max(s - n, 1)
///                of total - n             (Goyal et al. 2017, section 2.2)
///   function     what a function of the script says
NodeId TrainingReader::rate(const ScheduleValue& schedule, NodeId s, NodeId total) {
  using Kind = ScheduleValue::Kind;
  Graph& g = *e_.graph().graph;
  const auto op = [&](OpId id, NodeId a, NodeId b) { return g.emit(id, {a, b}); };
  const NodeId one = g.constant(1);
  const auto gone = [&] { return op(OpId::sub, s, one); };
  const auto part = [&] {
    return op(OpId::minimum, op(OpId::div, gone(), op(OpId::maximum, total, one)), one);
  };
  switch (schedule.kind) {
    case Kind::constant:
      return g.constant(schedule.rate);
    case Kind::linear:
      return op(OpId::mul, g.constant(schedule.rate), op(OpId::sub, one, part()));
    case Kind::cosine: {
      const NodeId c = g.emit(OpId::cos, {op(OpId::mul, part(), g.constant(3.14159265358979323846))});
      return op(OpId::mul, g.constant(schedule.rate / 2), op(OpId::add, c, one));
    }
    case Kind::exponential: {
      const NodeId times = op(OpId::div, gone(), g.constant(schedule.every));
      return op(OpId::mul, g.constant(schedule.rate), op(OpId::pow, g.constant(schedule.decay), times));
    }
    case Kind::plateau: {
      const VariableId reductions = state("reductions", {});
      t_.plateaus.push_back({reductions, schedule.patience});
      return op(OpId::mul, g.constant(schedule.rate),
                op(OpId::pow, g.constant(schedule.decay), e_.node_of(reductions)));
    }
    case Kind::warmup: {
      const NodeId n = g.constant(schedule.steps);
      const NodeId later = rate(*schedule.then, op(OpId::maximum, op(OpId::sub, s, n), one),
                                op(OpId::maximum, op(OpId::sub, total, n), one));
      return op(OpId::mul, later, op(OpId::minimum, op(OpId::div, s, n), one));
    }
    case Kind::function:
      return rate_of(schedule.function, s, total);
  }
  return g.constant(schedule.rate);
}

NodeId TrainingReader::rate_of(const FunctionValue& function, NodeId s, NodeId total) {
  Graph& g = *e_.graph().graph;
  const ast::FnDecl& fn = *function.declaration;
  const Span span = fn.name ? fn.name->span : fn.body.empty() ? g.origin() : fn.body.front().span;
  CallSite site{span, span, nullptr, {}};
  site.arguments.push_back({{}, TensorValue{&e_.graph(), s}, span});
  if (fn.parameters.size() == 2) site.arguments.push_back({{}, TensorValue{&e_.graph(), total}, span});
  const NodeId r = e_.real(e_.tensor(e_.call(function, site), span), span);
  if (r == kNoNode) return g.constant(0);  // told already
  if (!g.type(r).dims.empty()) {
    e_.fail(code::not_scalar, span, "a schedule gives one real number", "gives " + e_.describe(r));
    return g.constant(0);
  }
  return r;
}

}  // namespace weft::check
