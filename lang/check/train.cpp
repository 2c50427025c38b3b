#include <algorithm>

#include "lang/check/elaborator.h"

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
