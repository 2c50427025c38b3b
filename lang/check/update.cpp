#include <algorithm>
#include <limits>

#include "lang/check/guards.h"
#include "lang/check/training_reader.h"
#include "tensor/passes/catch_up.h"

/// Clipping and the optimizer's step, as nodes of the step's graph.
namespace weft::check {

namespace {

/// What an optimizer is made of.
struct OptimizerOps {
  OptimizerValue::Kind kind;
  OpId whole, rows;         // of a parameter; of a table of which some rows have a gradient
  std::string_view states;  // a letter each, which their names end with
};

const OptimizerOps& ops_of(OptimizerValue::Kind kind) {
  using Kind = OptimizerValue::Kind;
  static constexpr OptimizerOps kAll[] = {
      {Kind::sgd, OpId::sgd, OpId::sgd_rows, ""},
      {Kind::momentum, OpId::momentum, OpId::momentum_rows, "m"},
      {Kind::adagrad, OpId::adagrad, OpId::adagrad_rows, "v"},
      {Kind::rmsprop, OpId::rmsprop, OpId::rmsprop_rows, "v"},
      {Kind::adam, OpId::adam, OpId::adam_rows, "mv"},
  };
  return *std::ranges::find(kAll, kind, &OptimizerOps::kind);
}

}  // namespace

/// Whether the step can do with the rows of a table that have a gradient: where the others stay as they are
/// anyway, or can make up for it later.
bool TrainingReader::by_rows(const OptimizerValue& optimizer, NodeId parameter) const {
  if (apply_ || !catch_up_of(ops_of(optimizer.kind).rows)) return true;
  // A policy reads the table between the steps.
  return !std::holds_alternative<EpisodeBatches>(t_.batches) &&
         (*e_.graph().graph)[parameter].op == OpId::input;
}

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

/// One parameter after the step, or a table of which the rows that have a gradient are touched.
NodeId TrainingReader::updated(const Update& u, const OptimizerValue& optimizer, NodeId learning_rate,
                               NodeId scale) {
  Graph& g = *e_.graph().graph;
  const Variable variable = e_.program().variables[static_cast<std::size_t>(u.variable)];
  const bool by_rows = u.rows != kNoNode;
  const OptimizerOps& ops = ops_of(optimizer.kind);
  const OpId id = by_rows ? ops.rows : ops.whole;
  Attributes attributes{.numbers = optimizer.numbers};
  if (by_rows) attributes.axes = g[u.gradient].attributes.axes;
  std::vector<VariableId> states;
  for (const char c : ops.states) states.push_back(state(variable.name + "." + c, variable.type));
  if (catch_up_of(id)) {
    const Element integer{ElementKind::integer, {}};
    const std::vector<Dim> rows = {*variable.type.find(attributes.axes[0])};
    states.push_back(state(variable.name + ".last", {integer, rows}));
    states.push_back(state(variable.name + ".rates", {{}, rows}));
    states.push_back(state(variable.name + ".steps", {integer, {}}));
    lazy_tables_.push_back({id, u.variable, states, attributes, g.origin()});
  }
  std::vector<NodeId> operands = {u.parameter};
  for (const VariableId s : states) operands.push_back(e_.node_of(s));
  if (by_rows)
    operands.insert(operands.end(), {u.index, u.rows});
  else
    operands.push_back(u.gradient);
  operands.insert(operands.end(), {learning_rate, scale});
  if (id == OpId::adam) operands.push_back(e_.node_of(t_.step_number));
  return g.emit(id, std::move(operands), std::move(attributes));
}

Computation TrainingReader::catch_up() {
  GraphScope own(e_.axis_table());
  const GraphGuard in_graph(e_, &own);
  for (const LazyTable& lazy : lazy_tables_) {
    own.graph->set_origin(lazy.origin);
    std::vector<NodeId> operands = {e_.node_of(lazy.table)};
    for (const VariableId s : lazy.states) operands.push_back(e_.node_of(s));
    own.effects.push_back(own.graph->emit(*catch_up_of(lazy.update), std::move(operands), lazy.attributes));
  }
  return e_.finish(own, {});
}

}  // namespace weft::check
