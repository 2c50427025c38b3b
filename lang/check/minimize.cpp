#include <algorithm>
#include <limits>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"
#include "tensor/gradient.h"

/// `minimize L over P using OPT`: gradient, clipping and update as nodes of the step's graph.
namespace weft::check {

NodeId Elaborator::minimize(const ast::Minimize& m, Span span, Training& t) {
  const NodeId loss = tensor(evaluate(*m.loss), m.loss->span);
  const Value using_what = evaluate(*m.optimizer);
  const auto* optimizer = as<OptimizerValue>(using_what);
  if (!optimizer && !is_poison(using_what)) {
    fail(code::not_an_optimizer, m.optimizer->span, "`using` takes an optimizer, not " + kind_of(using_what),
         "not an optimizer", "adam(1e-3) or sgd(0.1)");
  }
  std::vector<VariableId> over;
  std::vector<NoGradient> named;  // as over
  bool good = loss != kNoNode && optimizer;
  for (const ast::ExprPtr& e : m.over) {
    const Value v = evaluate(*e);
    std::vector<NamedParameter> found;
    parameters_of(v, found);
    const std::vector<NamedParameter> all = found;
    std::erase_if(found, [&](const NamedParameter& p) { return frozen_.count(p.variable) != 0; });
    if (found.empty() && !all.empty()) {
      good = false;
      fail(code::all_frozen, e->span, "all of this is frozen: there is nothing left to train", "frozen", "",
           {{frozen_.at(all[0].variable), "frozen here"}});
    } else if (found.empty()) {
      good = false;
      if (!is_poison(v)) {
        fail(code::nothing_to_train, e->span, "there is nothing to train here",
             kind_of(v) + " without parameters", "name a model, a layer or a parameter after `over`");
      }
    }
    for (const NamedParameter& p : found) {
      if (std::find(over.begin(), over.end(), p.variable) != over.end()) continue;
      over.push_back(p.variable);
      named.push_back({p.variable, e->span, p.path});
    }
  }
  if (!good) return kNoNode;
  Graph& g = *graph_->graph;
  g.set_origin(span);
  if (!g.type(loss).dims.empty() || g.type(loss).element.kind != ElementKind::real) {
    std::string axes;
    for (const Dim& dim : g.type(loss).dims) axes += (axes.empty() ? "" : ", ") + axis_table().name(dim.axis);
    const std::string mean =
        axes.empty() ? "" : "mean[" + axes + "](" + std::string(sources_.text(m.loss->span)) + ")";
    fail(code::not_scalar, m.loss->span, "minimize takes one real number", "is " + describe(loss),
         mean.empty() ? "" : "reduce it: " + mean, {}, replaced(m.loss->span, mean));
    return kNoNode;
  }

  std::vector<NodeId> parameters;
  for (const VariableId v : over) parameters.push_back(node_of(v));
  std::vector<NodeId> gradients;
  if (after_pass_) after_pass_(t.name, "hoist", g);
  gradients = gradient(g, loss, parameters);
  if (after_pass_) after_pass_(t.name, "gradient", g);
  if (std::all_of(gradients.begin(), gradients.end(), [](NodeId n) { return n == kNoNode; })) {
    fail(code::loss_independent, m.loss->span, "the loss doesn't depend on what it is minimized over",
         "no parameter reaches it");
    return kNoNode;
  }
  // Where a gradient is wholly rows of a table and the optimizer can, only those rows are touched.
  std::vector<Update> updates;
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (gradients[i] == kNoNode) {
      without_gradient_.push_back(named[i]);
      continue;
    }
    Update u{over[i], parameters[i], gradients[i]};
    const Node& n = g[u.gradient];
    if (optimizer->kind == OptimizerValue::Kind::sgd && !apply_ && n.op == OpId::scatter_add &&
        n.inputs.size() == 2) {
      Attributes attributes;
      u.index = n.inputs[0];
      const TensorType dy = g.type(n.inputs[1]), index = g.type(u.index);
      for (const Dim& dim : dy.dims) {
        if (!index.has(dim.axis)) attributes.axes.push_back(dim.axis);
      }
      u.rows = g.emit(OpId::merge_rows, {u.index, n.inputs[1]}, std::move(attributes));
    }
    updates.push_back(u);
  }
  if (!apply_) {
    update(updates, *optimizer, loss, t);
    return loss;
  }
  add_up(updates, t);
  const GraphGuard in_apply(*this, apply_);
  update(updates, *optimizer, kNoNode, t);
  return loss;
}

/// With `accumulate` the step adds each gradient up in a state of its own, and another graph, run after each
/// group of batches, updates with the mean and begins again at zero: updates are no part of the step then,
/// so that it costs one addition a parameter more and no more. From here on `updates` speaks of that graph.
void Elaborator::add_up(std::vector<Update>& updates, Training& t) {
  Graph& g = *graph_->graph;
  Graph& later = *apply_->graph;
  later.set_origin(g.origin());
  for (Update& u : updates) {
    const Variable& v = program_.variables[static_cast<std::size_t>(u.variable)];
    const auto sum = static_cast<VariableId>(program_.variables.size());
    program_.variables.push_back({v.name + ".sum", VariableKind::state, v.type, {}, 0});
    t.states.push_back(sum);
    const NodeId before = node_of(sum);
    const NodeId effect = g.emit(OpId::assign, {before, g.emit(OpId::add, {before, u.gradient})});
    graph_->root().current[sum] = effect;
    graph_->root().effects.push_back(effect);

    const GraphGuard in_apply(*this, apply_);
    const NodeId total = node_of(sum);
    u.parameter = node_of(u.variable);
    u.gradient = later.emit(OpId::div, {total, node_of(t.group_size)});
    const NodeId zero = later.emit(OpId::assign, {total, later.constant(0)});
    apply_->current[sum] = zero;
    apply_->effects.push_back(zero);
  }
}

/// Clipping and the optimizer's step, in the current graph. `loss`: kNoNode where it is no part of it.
void Elaborator::update(const std::vector<Update>& updates, const OptimizerValue& optimizer, NodeId loss,
                        Training& t) {
  Graph& g = *graph_->graph;
  const auto all_axes = [&](NodeId n) {
    Attributes attributes;
    for (const Dim& dim : g.type(n).dims) attributes.axes.push_back(dim.axis);
    return attributes;
  };
  NodeId scale = g.constant(1);
  if (optimizer.clip > 0) {
    NodeId squares = kNoNode;
    for (const Update& u : updates) {
      const NodeId x = u.rows == kNoNode ? u.gradient : u.rows;
      const NodeId square = g.emit(OpId::mul, {x, x});
      const NodeId total = g.type(x).dims.empty() ? square : g.emit(OpId::sum, {square}, all_axes(x));
      squares = squares == kNoNode ? total : g.emit(OpId::add, {squares, total});
    }
    const NodeId norm = g.emit(OpId::add, {g.emit(OpId::sqrt, {squares}), g.constant(1e-6)});
    scale = g.emit(OpId::minimum, {g.emit(OpId::div, {g.constant(optimizer.clip), norm}), g.constant(1)});
  }
  // A loss that isn't finite makes the scale NaN, and updates leave everything as it was: the last good
  // model.
  if (loss != kNoNode) {
    const NodeId nan = g.constant(std::numeric_limits<double>::quiet_NaN());
    scale = g.emit(OpId::where, {g.emit(OpId::is_finite, {loss}), scale, nan});
  }

  const NodeId learning_rate = rate(optimizer.rate, t);
  const auto state = [&](const Update& u, const char* name) {
    const Variable& v = program_.variables[static_cast<std::size_t>(u.variable)];
    program_.variables.push_back({v.name + name, VariableKind::state, v.type, {}, 0});
    t.states.push_back(static_cast<VariableId>(program_.variables.size() - 1));
    return node_of(t.states.back());
  };
  GraphScope& root = graph_->root();
  for (const Update& u : updates) {
    NodeId effect = kNoNode;
    if (u.rows != kNoNode) {
      Attributes attributes;
      attributes.axes = g[u.gradient].attributes.axes;
      effect =
          g.emit(OpId::sgd_rows, {u.parameter, u.index, u.rows, learning_rate, scale}, std::move(attributes));
    } else if (optimizer.kind == OptimizerValue::Kind::sgd) {
      effect = g.emit(OpId::sgd, {u.parameter, u.gradient, learning_rate, scale});
    } else if (optimizer.kind == OptimizerValue::Kind::adam) {
      Attributes attributes;
      attributes.numbers = optimizer.numbers;
      const NodeId first = state(u, ".m"), second = state(u, ".v");
      effect = g.emit(OpId::adam,
                      {u.parameter, first, second, u.gradient, learning_rate, scale, node_of(t.step_number)},
                      std::move(attributes));
    } else {
      using Kind = OptimizerValue::Kind;
      Attributes attributes;
      attributes.numbers = optimizer.numbers;
      const OpId id = optimizer.kind == Kind::momentum  ? OpId::momentum
                      : optimizer.kind == Kind::adagrad ? OpId::adagrad
                                                        : OpId::rmsprop;
      const NodeId moment = state(u, optimizer.kind == Kind::momentum ? ".m" : ".v");
      effect = g.emit(id, {u.parameter, moment, u.gradient, learning_rate, scale}, std::move(attributes));
    }
    root.current[u.variable] = effect;
    root.effects.push_back(effect);
    if (std::find(t.trained.begin(), t.trained.end(), u.variable) == t.trained.end())
      t.trained.push_back(u.variable);
  }
}

}  // namespace weft::check
