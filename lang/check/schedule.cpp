#include "lang/check/elaborator.h"

/// Schedules: the learning rate as nodes of the step's graph.
namespace weft::check {

/// The learning rate at step s = 1, 2, ... of `total`, as a node. With w = warmup and
/// p = (s - 1 - w) / (total - w) from 0 to 1:  rate * min(1, s / w) * f(p), f constant 1, linear 1 - p,
/// cosine (1 + cos pi p) / 2  (Loshchilov and Hutter 2017, eq. 5, one cycle).
NodeId Elaborator::rate(const ScheduleValue& schedule, const Training& t) {
  Graph& g = *graph_->graph;
  if (schedule.kind == ScheduleValue::Kind::constant && schedule.warmup == 0)
    return g.constant(schedule.rate);
  const auto op = [&](OpId id, NodeId a, NodeId b) { return g.emit(id, {a, b}); };
  const NodeId s = node_of(t.step_number), total = node_of(t.total_steps),
               warmup = g.constant(schedule.warmup);
  NodeId r = g.constant(schedule.rate);
  if (schedule.kind != ScheduleValue::Kind::constant) {
    const NodeId gone = op(OpId::sub, op(OpId::sub, s, g.constant(1)), warmup);
    const NodeId all = op(OpId::maximum, op(OpId::sub, total, warmup), g.constant(1));
    const NodeId p =
        op(OpId::minimum, op(OpId::maximum, op(OpId::div, gone, all), g.constant(0)), g.constant(1));
    NodeId f = op(OpId::sub, g.constant(1), p);
    if (schedule.kind == ScheduleValue::Kind::cosine) {
      const NodeId c = g.emit(OpId::cos, {op(OpId::mul, p, g.constant(3.14159265358979323846))});
      f = op(OpId::mul, op(OpId::add, c, g.constant(1)), g.constant(0.5));
    }
    r = op(OpId::mul, r, f);
  }
  if (schedule.warmup > 0) r = op(OpId::mul, r, op(OpId::minimum, op(OpId::div, s, warmup), g.constant(1)));
  return r;
}

}  // namespace weft::check
