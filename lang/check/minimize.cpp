#include <algorithm>
#include <limits>

#include "lang/check/elaborator.h"
#include "tensor/gradient.h"

/// `minimize L over P using OPT`: gradient, clipping and update as nodes of the step's graph.
namespace weft::check {

NodeId Elaborator::minimize(const ast::Minimize& m, Span span, Training& t) {
  const NodeId loss = tensor(evaluate(*m.loss), m.loss->span);
  const Value using_what = evaluate(*m.optimizer);
  const auto* optimizer = as<OptimizerValue>(using_what);
  if (!optimizer && !is_poison(using_what)) {
    fail(code::wrong_kind, m.optimizer->span, "`using` takes an optimizer, not " + kind_of(using_what),
         "not an optimizer", "adam(1e-3) or sgd(0.1)");
  }
  std::vector<VariableId> over;
  bool good = loss != kNoNode && optimizer;
  for (const ast::ExprPtr& e : m.over) {
    const Value v = evaluate(*e);
    std::vector<NamedParameter> found;
    if (const auto* i = as<InstanceValue>(v)) collect_parameters(*i->instance, "", found);
    if (const auto* c = as<ChainValue>(v)) {
      for (const auto& link : c->links) collect_parameters(*link, "", found);
    }
    if (const auto* p = as<VariableValue>(v);
        p && program_.variables[static_cast<std::size_t>(p->variable)].kind == VariableKind::parameter) {
      found.push_back({"", p->variable});
    }
    if (found.empty()) {
      good = false;
      if (!is_poison(v)) {
        fail(code::nothing_to_train, e->span, "there is nothing to train here",
             kind_of(v) + " without parameters", "name a model, a layer or a parameter after `over`");
      }
    }
    for (const NamedParameter& p : found) {
      if (std::find(over.begin(), over.end(), p.variable) == over.end()) over.push_back(p.variable);
    }
  }
  if (!good) return kNoNode;
  Graph& g = *graph_->graph;
  g.set_origin(span);
  if (!g.type(loss).dims.empty() || g.type(loss).element.kind != ElementKind::real) {
    std::string axes;
    for (const Dim& dim : g.type(loss).dims) axes += (axes.empty() ? "" : ", ") + axis_table().name(dim.axis);
    fail(code::not_scalar, m.loss->span, "minimize takes one real number", "is " + describe(loss),
         axes.empty() ? ""
                      : "reduce it: mean[" + axes + "](" + std::string(sources_.text(m.loss->span)) + ")");
    return kNoNode;
  }

  std::vector<NodeId> parameters;
  for (const VariableId v : over) parameters.push_back(node_of(v));
  std::vector<NodeId> gradients;
  try {
    gradients = gradient(g, loss, parameters);
  } catch (const std::invalid_argument& e) {
    fail(code::bad_attributes, span, "this loss has no gradient", e.what());
    return kNoNode;
  }
  if (std::all_of(gradients.begin(), gradients.end(), [](NodeId n) { return n == kNoNode; })) {
    fail(code::nothing_to_train, m.loss->span, "the loss doesn't depend on what it is minimized over",
         "no parameter reaches it");
    return kNoNode;
  }
  // Where a gradient is wholly rows of a table and the optimizer can, only those rows are touched.
  struct Update {
    VariableId variable;
    NodeId parameter, gradient;
    NodeId rows = kNoNode, index = kNoNode;
  };
  std::vector<Update> updates;
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (gradients[i] == kNoNode) continue;
    Update u{over[i], parameters[i], gradients[i]};
    const Node& n = g[u.gradient];
    if (optimizer->kind == OptimizerValue::Kind::sgd && n.op == OpId::scatter_add && n.inputs.size() == 2) {
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
  const auto all_axes = [&](NodeId n) {
    Attributes attributes;
    for (const Dim& dim : g.type(n).dims) attributes.axes.push_back(dim.axis);
    return attributes;
  };
  NodeId scale = g.constant(1);
  if (optimizer->clip > 0) {
    NodeId squares = kNoNode;
    for (const Update& u : updates) {
      const NodeId x = u.rows == kNoNode ? u.gradient : u.rows;
      const NodeId square = g.emit(OpId::mul, {x, x});
      const NodeId total = g.type(x).dims.empty() ? square : g.emit(OpId::sum, {square}, all_axes(x));
      squares = squares == kNoNode ? total : g.emit(OpId::add, {squares, total});
    }
    const NodeId norm = g.emit(OpId::add, {g.emit(OpId::sqrt, {squares}), g.constant(1e-6)});
    scale = g.emit(OpId::minimum, {g.emit(OpId::div, {g.constant(optimizer->clip), norm}), g.constant(1)});
  }
  // A loss that isn't finite makes the scale NaN, and updates leave everything as it was: the last good
  // model.
  const NodeId nan = g.constant(std::numeric_limits<double>::quiet_NaN());
  scale = g.emit(OpId::where, {g.emit(OpId::is_finite, {loss}), scale, nan});

  const NodeId learning_rate = rate(optimizer->rate, t);
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
    } else if (optimizer->kind == OptimizerValue::Kind::sgd) {
      effect = g.emit(OpId::sgd, {u.parameter, u.gradient, learning_rate, scale});
    } else {
      Attributes attributes;
      attributes.numbers = {optimizer->beta1, optimizer->beta2, optimizer->epsilon, optimizer->decay};
      const NodeId first = state(u, ".m"), second = state(u, ".v");
      effect = g.emit(OpId::adam,
                      {u.parameter, first, second, u.gradient, learning_rate, scale, node_of(t.step_number)},
                      std::move(attributes));
    }
    root.current[u.variable] = effect;
    root.effects.push_back(effect);
    if (std::find(t.trained.begin(), t.trained.end(), u.variable) == t.trained.end())
      t.trained.push_back(u.variable);
  }
  return loss;
}

}  // namespace weft::check
