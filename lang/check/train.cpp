#include <algorithm>
#include <cmath>
#include <limits>

#include "lang/check/elaborator.h"
#include "tensor/gradient.h"

/// `train`: a step is one graph, with forward, gradient, clipping and update in it; a validation two, what
/// happens in each batch and what is made of the totals.
namespace weft::check {

void Elaborator::read(const ast::TrainDecl& d, Span keyword) {
  Training t;
  t.name = d.name.text;
  t.origin = keyword;
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  bool good = true;
  const std::size_t faults = diagnostics_.size();
  {
    const ScopeGuard in_scope(*this, scope);
    if (!d.on) {
      fail(code::missing_argument, d.name.span, "a training needs data", "no `on`",
           "write train " + d.name.text + " on book.train as (x = ids, y = next)");
      good = false;
    } else {
      const Value on = evaluate(*d.on);
      const auto* split = as<SplitValue>(on);
      if (split) {
        t.data = split->data;
        t.split = split->split;
      } else {
        good = false;
        if (!is_poison(on)) {
          fail(code::wrong_kind, d.on->span, "a training runs on a split of a corpus, not on " + kind_of(on),
               "not a split",
               as<DataValue>(on) ? "write " + std::string(sources_.text(d.on->span)) + ".train" : "");
        }
      }
    }
    const auto scalar = [&](const char* name) {
      program_.variables.push_back({name, VariableKind::value, {}, {}, 0});
      return static_cast<VariableId>(program_.variables.size() - 1);
    };
    t.step_number = scalar("step");
    t.total_steps = scalar("steps");
    const ast::ValidateBlock* validation = nullptr;
    for (const ast::Stmt& s : d.body) {
      if (const auto* b = std::get_if<ast::StepBlock>(&s.form)) {
        if (good) step(d, b->body, t);
      } else if (const auto* v = std::get_if<ast::ValidateBlock>(&s.form)) {
        validation = v;
      } else if (const auto* set = std::get_if<ast::Settings>(&s.form)) {
        settings(*set, t);
      } else {
        fail(code::not_here, s.keyword, "a train block holds step, validate and settings", "not here");
      }
    }
    if (good && t.losses.empty() && diagnostics_.size() == faults) {
      fail(code::missing_argument, keyword, "training `" + t.name + "` minimizes nothing",
           "no `minimize` in its step", "write step { minimize loss over model using adam(1e-3) }");
    }
    if (good && validation) validate(*validation, d, t);
  }
  if (diagnostics_.size() > faults) return declare(d.name, Poison{});
  RunValue run{t.name, t.losses};
  if (t.validation)
    run.metrics.insert(run.metrics.end(), t.validation->shown.begin(), t.validation->shown.end());
  program_.actions.push_back(std::move(t));
  declare(d.name, run);
}

void Elaborator::settings(const ast::Settings& s, Training& t) {
  struct Row {
    const char* name;
    std::int64_t* value;
    std::int64_t least;
  };
  const Row rows[] = {{"epochs", &t.epochs, 0}, {"steps", &t.steps, 1}, {"patience", &t.patience, 1}};
  for (const ast::Argument& a : s.values) {
    const std::string name = a.name ? a.name->text : "";
    const auto row =
        std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return name == r.name; });
    if (row == std::end(rows)) {
      const std::string near = nearest(name, {"epochs", "steps", "patience"});
      fail(code::unknown_setting, a.span, "a training has no setting `" + name + "`", "not a setting",
           near.empty() ? "its settings are epochs, steps and patience" : "did you mean `" + near + "`?");
      continue;
    }
    const auto n = whole_number(evaluate(*a.value), a.span, name);
    if (!n) continue;
    if (*n < row->least) {
      fail(code::bad_value, a.span, name + " is at least " + std::to_string(row->least), "too small");
      continue;
    }
    *row->value = *n;
  }
}

void Elaborator::step(const ast::TrainDecl& d, const ast::Block& block, Training& t) {
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  own.training = true;
  const GraphGuard in_graph(*this, &own);
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  const ScopeGuard in_scope(*this, scope);
  if (!bind_columns(d, t.data)) return;
  std::vector<NodeId> losses, shown;
  for (const ast::Stmt& s : block) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
    } else if (const auto* m = std::get_if<ast::Minimize>(&s.form)) {
      const NodeId loss = minimize(*m, s.span, t);
      if (loss == kNoNode) continue;
      program_.variables.push_back({"loss", VariableKind::value, {}, {}, 0});
      const std::string name = losses.empty() ? "loss" : "loss" + std::to_string(losses.size() + 1);
      t.losses.push_back({name, static_cast<VariableId>(program_.variables.size() - 1)});
      losses.push_back(loss);
    } else {
      fail(code::not_here, s.keyword, "a step holds let and minimize", "not here");
    }
  }
  if (settled(*own.graph, t.data)) t.step = finish(own, std::move(losses));
}

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

void Elaborator::validate(const ast::ValidateBlock& v, const ast::TrainDecl& d, Training& t) {
  const Value on = evaluate(*v.on);
  const auto* split = as<SplitValue>(on);
  if (!split) {
    if (!is_poison(on)) {
      fail(code::wrong_kind, v.on->span, "validation runs on a split of a corpus, not on " + kind_of(on),
           "not a split");
    }
    return;
  }
  Validation out;
  out.data = split->data;
  out.split = split->split;
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  const GraphGuard in_graph(*this, &own);
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  const ScopeGuard in_scope(*this, scope);
  if (!bind_columns(d, split->data)) return;
  std::vector<NodeId> outputs;
  std::vector<Span> spans;
  for (const ast::Stmt& s : v.body) {
    if (const auto* l = std::get_if<ast::LetDecl>(&s.form)) {
      read(*l);
      continue;
    }
    const auto* show = std::get_if<ast::Show>(&s.form);
    if (!show) {
      fail(code::not_here, s.keyword, "a validate block holds let and show", "not here");
      continue;
    }
    for (const ast::Argument& a : show->values) {
      const NodeId node = real(tensor(evaluate(*a.value), a.span), a.span);
      if (node == kNoNode) continue;
      if (!own.graph->type(node).dims.empty()) {
        fail(code::not_scalar, a.span, "a validation shows single numbers", "is " + describe(node),
             "reduce it, with mean[..] for example");
        continue;
      }
      program_.variables.push_back({"metric", VariableKind::value, {}, {}, 0});
      const std::string name = a.name ? a.name->text : std::string(sources_.text(a.value->span));
      out.shown.push_back({name, static_cast<VariableId>(program_.variables.size() - 1)});
      outputs.push_back(node);
      spans.push_back(a.span);
    }
  }
  if (outputs.empty() || !settled(*own.graph, split->data)) return;
  const AxisId batch = program_.data[static_cast<std::size_t>(split->data)].axes[0].axis;
  std::vector<std::uint32_t> varying;
  for (std::uint32_t slot = 0; slot < own.inputs.size(); ++slot) {
    const VariableId v = own.inputs[slot];
    if (program_.variables[static_cast<std::size_t>(v)].kind == VariableKind::column) varying.push_back(slot);
  }
  const auto put_together = [&](const std::vector<NodeId>& shown) {
    return split_metrics(*own.graph, shown, batch, varying);
  };
  for (std::size_t i = 0; i < outputs.size(); ++i) {  // one by one first, to tell which is at fault
    try {
      put_together({outputs[i]});
    } catch (const ShapeError& e) {
      fail(e, spans[i]);
      return;
    }
  }
  out.metrics = std::make_shared<SplitMetrics>(put_together(outputs));
  out.inputs = own.inputs;
  t.validation = std::move(out);
}

}  // namespace weft::check
