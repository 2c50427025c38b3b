#include <algorithm>
#include <limits>

#include "lang/check/guards.h"
#include "lang/check/training_reader.h"

/// Clipping and the optimizer's step, as nodes of the step's graph.
namespace weft::check {

VariableId TrainingReader::state(const std::string& name, const TensorType& type) {
  t_.states.push_back(e_.program().add({name, VariableKind::state, type, {}, 0}));
  return t_.states.back();
}

/// The updates in the current graph. `loss`: kNoNode where it is no part of it.
void TrainingReader::update(const std::vector<Update>& updates, const OptimizerValue& optimizer,
                            NodeId loss) {
  Graph& g = *e_.graph().graph;
  NodeId scale = optimizer.clip > 0 ? clipping(updates, optimizer.clip) : g.constant(1);
  // A loss that isn't finite makes the scale NaN, and updates leave everything as it was: the last good
  // model.
  if (loss != kNoNode) {
    const NodeId nan = g.constant(std::numeric_limits<double>::quiet_NaN());
    scale = g.emit(OpId::where, {g.emit(OpId::is_finite, {loss}), scale, nan});
  }
  const NodeId learning_rate = rate(optimizer.rate);
  GraphScope& root = e_.graph().root();
  for (const Update& u : updates) {
    const NodeId effect = updated(u, optimizer, learning_rate, scale);
    root.current[u.variable] = effect;
    root.effects.push_back(effect);
    if (std::find(t_.trained.begin(), t_.trained.end(), u.variable) == t_.trained.end())
      t_.trained.push_back(u.variable);
  }
}

/// min(clip / (norm + 1e-6), 1), of the norm of all gradients together.
NodeId TrainingReader::clipping(const std::vector<Update>& updates, double clip) {
  Graph& g = *e_.graph().graph;
  NodeId squares = kNoNode;
  for (const Update& u : updates) {
    const NodeId x = u.rows == kNoNode ? u.gradient : u.rows;
    const NodeId square = g.emit(OpId::mul, {x, x});
    Attributes all;
    for (const Dim& dim : g.type(x).dims) all.axes.push_back(dim.axis);
    const NodeId total = all.axes.empty() ? square : g.emit(OpId::sum, {square}, std::move(all));
    squares = squares == kNoNode ? total : g.emit(OpId::add, {squares, total});
  }
  const NodeId norm = g.emit(OpId::add, {g.emit(OpId::sqrt, {squares}), g.constant(1e-6)});
  return g.emit(OpId::minimum, {g.emit(OpId::div, {g.constant(clip), norm}), g.constant(1)});
}

/// One parameter after the step.
NodeId TrainingReader::updated(const Update& u, const OptimizerValue& optimizer, NodeId learning_rate,
                               NodeId scale) {
  using Kind = OptimizerValue::Kind;
  Graph& g = *e_.graph().graph;
  Attributes attributes;
  const auto moment = [&](const char* name) {
    const Variable& v = e_.program().variables[static_cast<std::size_t>(u.variable)];
    return e_.node_of(state(v.name + name, v.type));
  };
  if (u.rows != kNoNode) {
    attributes.axes = g[u.gradient].attributes.axes;
    if (optimizer.kind == Kind::sgd) {
      return g.emit(OpId::sgd_rows, {u.parameter, u.index, u.rows, learning_rate, scale},
                    std::move(attributes));
    }
    attributes.numbers = optimizer.numbers;
    if (optimizer.kind == Kind::adam) return adam_rows(u, std::move(attributes), learning_rate, scale);
    return g.emit(OpId::adagrad_rows, {u.parameter, moment(".v"), u.index, u.rows, learning_rate, scale},
                  std::move(attributes));
  }
  if (optimizer.kind == Kind::sgd) return g.emit(OpId::sgd, {u.parameter, u.gradient, learning_rate, scale});
  attributes.numbers = optimizer.numbers;
  if (optimizer.kind == Kind::adam) {
    const NodeId first = moment(".m"), second = moment(".v"), step = e_.node_of(t_.step_number);
    return g.emit(OpId::adam, {u.parameter, first, second, u.gradient, learning_rate, scale, step},
                  std::move(attributes));
  }
  const OpId id = optimizer.kind == Kind::momentum  ? OpId::momentum
                  : optimizer.kind == Kind::adagrad ? OpId::adagrad
                                                    : OpId::rmsprop;
  const NodeId average = moment(optimizer.kind == Kind::momentum ? ".m" : ".v");
  return g.emit(id, {u.parameter, average, u.gradient, learning_rate, scale}, std::move(attributes));
}

NodeId TrainingReader::adam_rows(const Update& u, Attributes attributes, NodeId learning_rate, NodeId scale) {
  const Variable table = e_.program().variables[static_cast<std::size_t>(u.variable)];
  const std::vector<Dim> rows = {*table.type.find(attributes.axes[0])};
  const Element integer{ElementKind::integer, {}};
  const LateTable late{
      u.variable,
      {state(table.name + ".m", table.type), state(table.name + ".v", table.type),
       state(table.name + ".last", {integer, rows}), state(table.name + ".rates", {{}, rows}),
       state(table.name + ".steps", {integer, {}})},
      attributes,
      e_.graph().graph->origin()};
  std::vector<NodeId> operands = {u.parameter};
  for (const VariableId s : late.states) operands.push_back(e_.node_of(s));
  operands.insert(operands.end(), {u.index, u.rows, learning_rate, scale});
  late_tables_.push_back(late);
  return e_.graph().graph->emit(OpId::adam_rows, std::move(operands), std::move(attributes));
}

Computation TrainingReader::catch_up() {
  GraphScope own(e_.axis_table());
  const GraphGuard in_graph(e_, &own);
  for (const LateTable& late : late_tables_) {
    own.graph->set_origin(late.origin);
    std::vector<NodeId> operands = {e_.node_of(late.table)};
    for (const VariableId s : late.states) operands.push_back(e_.node_of(s));
    own.effects.push_back(own.graph->emit(OpId::adam_catch_up, std::move(operands), late.attributes));
  }
  return e_.finish(own, {});
}

}  // namespace weft::check
