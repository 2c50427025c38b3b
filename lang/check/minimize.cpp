#include <algorithm>

#include "lang/check/guards.h"
#include "lang/check/suggest.h"
#include "lang/check/training_reader.h"
#include "tensor/gradient.h"

/// `minimize L over P using OPT`: what is trained, and its gradients.
namespace weft::check {

NodeId TrainingReader::minimize(const ast::Minimize& m, Span span) {
  const NodeId loss = e_.tensor(e_.evaluate(*m.loss), m.loss->span);
  const Value using_what = e_.evaluate(*m.optimizer);
  const auto* optimizer = as<OptimizerValue>(using_what);
  if (!optimizer && !is_poison(using_what)) {
    e_.fail(code::not_an_optimizer, m.optimizer->span,
            "`using` takes an optimizer, not " + kind_of(using_what), "not an optimizer",
            "adam(1e-3) or sgd(0.1)");
  }
  const auto over = minimized_over(m);
  if (!over || loss == kNoNode || !optimizer) return kNoNode;
  e_.graph().graph->set_origin(span);
  if (!check_loss(m, loss)) return kNoNode;
  auto updates = gradients(m, *over, *optimizer, loss);
  if (!updates) return kNoNode;
  if (!apply_) {
    update(*updates, *optimizer, loss);
    return loss;
  }
  add_up(*updates);
  const GraphGuard in_apply(e_, apply_);
  update(*updates, *optimizer, kNoNode);
  return loss;
}

/// What stands after `over` and isn't frozen, each once. nullopt after a diagnostic.
std::optional<std::vector<MinimizedOver>> TrainingReader::minimized_over(const ast::Minimize& m) {
  std::vector<MinimizedOver> out;
  bool good = true;
  for (const ast::ExprPtr& e : m.over) {
    const Value v = e_.evaluate(*e);
    std::vector<NamedParameter> found;
    e_.parameters_of(v, found);
    const std::vector<NamedParameter> all = found;
    std::erase_if(found, [&](const NamedParameter& p) { return e_.frozen().count(p.variable) != 0; });
    if (found.empty() && !all.empty()) {
      good = false;
      e_.fail(code::all_frozen, e->span, "all of this is frozen: there is nothing left to train", "frozen",
              "", {{e_.frozen().at(all[0].variable), "frozen here"}});
    } else if (found.empty()) {
      good = false;
      if (!is_poison(v)) {
        e_.fail(code::nothing_to_train, e->span, "there is nothing to train here",
                kind_of(v) + " without parameters", "name a model, a layer or a parameter after `over`");
      }
    }
    for (const NamedParameter& p : found) {
      const auto same = [&](const MinimizedOver& t) { return t.variable == p.variable; };
      if (std::none_of(out.begin(), out.end(), same)) out.push_back({p.variable, e->span, p.path});
    }
  }
  if (!good) return std::nullopt;
  return out;
}

bool TrainingReader::check_loss(const ast::Minimize& m, NodeId loss) {
  const TensorType& type = e_.graph().graph->type(loss);
  if (type.dims.empty() && type.element.kind == ElementKind::real) return true;
  std::string axes;
  for (const Dim& dim : type.dims) axes += (axes.empty() ? "" : ", ") + e_.axis_table().name(dim.axis);
  const std::string mean =
      axes.empty() ? "" : "mean[" + axes + "](" + std::string(e_.sources().text(m.loss->span)) + ")";
  e_.fail(code::not_scalar, m.loss->span, "minimize takes one real number", "is " + e_.describe(loss),
          mean.empty() ? "" : "reduce it: " + mean, {}, replaced(m.loss->span, mean));
  return false;
}

/// The gradient of each parameter that has one. Where it is wholly rows of a table and the optimizer can,
/// only those rows are touched. nullopt after a diagnostic.
std::optional<std::vector<TrainingReader::Update>> TrainingReader::gradients(
    const ast::Minimize& m, const std::vector<MinimizedOver>& over, const OptimizerValue& optimizer,
    NodeId loss) {
  Graph& g = *e_.graph().graph;
  std::vector<NodeId> parameters;
  for (const MinimizedOver& t : over) parameters.push_back(e_.node_of(t.variable));
  e_.passed(t_.name, "hoist", g);
  const std::vector<NodeId> gradients = gradient(g, loss, parameters);
  e_.passed(t_.name, "gradient", g);
  if (std::all_of(gradients.begin(), gradients.end(), [](NodeId n) { return n == kNoNode; })) {
    e_.fail(code::loss_independent, m.loss->span, "the loss doesn't depend on what it is minimized over",
            "no parameter reaches it");
    return std::nullopt;
  }
  std::vector<Update> updates;
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (gradients[i] == kNoNode) {
      e_.note_idle(over[i]);
      continue;
    }
    Update u{over[i].variable, parameters[i], gradients[i]};
    const Node& n = g[u.gradient];
    if (by_rows(optimizer, parameters[i]) && n.op == OpId::scatter_add && n.inputs.size() == 2) {
      u.index = n.inputs[0];
      u.rows = n.inputs[1];
      // Row after row gives what all rows of an index at once do, except to what remembers or squares them.
      const bool one_by_one = apply_ || (optimizer.kind == OptimizerValue::Kind::sgd && optimizer.clip == 0);
      if (!one_by_one) u.rows = merged_rows(u.index, u.rows);
    }
    updates.push_back(u);
  }
  return updates;
}

/// The rows of a gradient by their indices, those of one index added up in one of them.
NodeId TrainingReader::merged_rows(NodeId index, NodeId rows) {
  Graph& g = *e_.graph().graph;
  Attributes attributes;
  for (const Dim& dim : g.type(rows).dims) {
    if (!g.type(index).has(dim.axis)) attributes.axes.push_back(dim.axis);
  }
  return g.emit(OpId::merge_rows, {index, rows}, std::move(attributes));
}

/// With `accumulate` the step adds each gradient up in a state of its own, and another graph, run after each
/// group of batches, updates with the mean and begins again at zero: updates are no part of the step then,
/// so that it costs one addition a parameter more and no more, of a table those of the rows that have a
/// gradient. From here on `updates` speaks of that graph.
void TrainingReader::add_up(std::vector<Update>& updates) {
  Graph& g = *e_.graph().graph;
  Graph& later = *apply_->graph;
  later.set_origin(g.origin());
  for (Update& u : updates) {
    const Variable& v = e_.program().variables[static_cast<std::size_t>(u.variable)];
    const VariableId sum = state(v.name + ".sum", v.type);
    const NodeId before = e_.node_of(sum);
    const NodeId effect =
        u.rows == kNoNode ? g.emit(OpId::assign, {before, g.emit(OpId::add, {before, u.gradient})})
                          : g.emit(OpId::sgd_rows, {before, u.index, u.rows, g.constant(-1), g.constant(1)},
                                   {.axes = g[u.gradient].attributes.axes});
    e_.graph().root().current[sum] = effect;
    e_.graph().root().effects.push_back(effect);

    const GraphGuard in_apply(e_, apply_);
    const NodeId total = e_.node_of(sum);
    u.parameter = e_.node_of(u.variable);
    u.gradient = later.emit(OpId::div, {total, e_.node_of(t_.group_size)});
    u.rows = u.index = kNoNode;
    const NodeId zero = later.emit(OpId::assign, {total, later.constant(0)});
    apply_->current[sum] = zero;
    apply_->effects.push_back(zero);
  }
}

}  // namespace weft::check
