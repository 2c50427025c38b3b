#include <algorithm>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"

/// `train`: what it runs on, its settings and its metrics.
namespace weft::check {

/// What stands after `on`. False after a diagnostic.
bool Elaborator::batches(const ast::TrainDecl& d, Training& t) {
  if (!d.on) return true;  // nothing: the step makes what it learns from
  GraphScope own;
  own.owned = std::make_shared<Graph>(axis_table());
  own.graph = own.owned.get();
  const GraphGuard in_graph(*this, &own);
  const Value on = evaluate(*d.on);
  if (const auto* split = as<SplitValue>(on)) {
    t.batches = CorpusBatches{split->data, split->split};
    return true;
  }
  if (const auto* e = as<EpisodesValue>(on)) {
    // A policy computed amid other things could not be run by itself.
    if (e->episodes->policy.graph->inputs().size() == e->episodes->policy.inputs.size() &&
        settled(*e->episodes->policy.graph)) {
      t.batches = *e->episodes;
      for (const char* name : {"return", "length"}) t.episode_metrics.push_back(metric(name));
      return true;
    }
    fail(code::not_here, d.on->span, "these episodes belong to another computation", "not available here",
         "write episodes(...) after `on`");
    return false;
  }
  if (is_poison(on)) return false;
  const std::string split = as<DataValue>(on) ? std::string(sources_.text(d.on->span)) + ".train" : "";
  fail(code::not_a_split, d.on->span,
       "a training runs on a split of a corpus or on episodes, not on " + kind_of(on), "not a split",
       split.empty() ? "" : "write " + split, {}, replaced(d.on->span, split));
  return false;
}

/// A number that a training gives, under a name of its own.
Metric Elaborator::metric(const std::string& name) {
  program_.variables.push_back({name, VariableKind::value, {}, {}, 0});
  return {name, static_cast<VariableId>(program_.variables.size() - 1)};
}

void Elaborator::read(const ast::TrainDecl& d, Span keyword) {
  Training t;
  t.name = d.name.text;
  t.origin = keyword;
  const auto scope = std::make_shared<Scope>();
  scope->parent = scope_;
  const std::size_t faults = diagnostics_.size();
  {
    const ScopeGuard in_scope(*this, scope);
    const bool good = batches(d, t);
    t.step_number = metric("step").variable;
    t.total_steps = metric("steps").variable;
    // The settings say how the step is made, wherever they stand.
    const ast::StepBlock* step_block = nullptr;
    const ast::ValidateBlock* validation = nullptr;
    std::vector<const ast::Settings*> all_settings;
    each(d.body, [&](const ast::Stmt& s) {
      if (const auto* b = std::get_if<ast::StepBlock>(&s.form)) {
        if (step_block)
          fail(code::declared_twice, s.keyword, "a training has one step", "the second one",
               "put its statements into the first: they are done in order");
        step_block = b;
      } else if (const auto* v = std::get_if<ast::ValidateBlock>(&s.form)) {
        validation = v;
      } else if (const auto* set = std::get_if<ast::Settings>(&s.form)) {
        all_settings.push_back(set);
      } else {
        fail(code::not_here, s.keyword, "a train block holds step, validate and settings", "not here");
      }
      return true;
    });
    SettingSpans spans;
    for (const ast::Settings* s : all_settings) settings(*s, t, spans);
    check_settings(d, spans);
    if (t.patience > 0 && !validation) {
      fail(code::patience_alone, spans.at("patience"),
           "patience counts validations, and this training has none", "no `validate`",
           "write validate on book.valid { show loss = ... }");
    }
    if (good && step_block) step(d, step_block->body, t);
    if (good && t.losses.empty() && t.trained.empty() && diagnostics_.size() == faults) {
      fail(code::no_minimize, keyword, "training `" + t.name + "` learns nothing",
           "no `minimize` or `set` in its step", "write step { minimize loss over model using adam(1e-3) }");
    }
    if (good && validation) validate(*validation, d, t);
  }
  if (diagnostics_.size() > faults) return declare(d.name, Poison{});
  // The first of a name is meant: what the script shows itself stands before what every training has.
  RunValue run{t.name, t.shown};
  const auto add = [&](const std::vector<Metric>& metrics) {
    run.metrics.insert(run.metrics.end(), metrics.begin(), metrics.end());
  };
  add(t.losses);
  add(t.episode_metrics);
  if (t.validation) add(t.validation->shown);
  program_.actions.push_back(std::move(t));
  declare(d.name, run);
}

void Elaborator::settings(const ast::Settings& s, Training& t, SettingSpans& spans) {
  struct Row {
    const char* name;
    std::int64_t* value;  // null: a text
    std::int64_t least;
  };
  const Row rows[] = {{"epochs", &t.epochs, 0},         {"steps", &t.steps, 1}, {"patience", &t.patience, 1},
                      {"accumulate", &t.accumulate, 1}, {"seed", &t.seed, 0},   {"checkpoint", nullptr, 0}};
  std::vector<std::string> names;
  for (const Row& r : rows) names.emplace_back(r.name);
  for (const ast::Argument& a : s.values) {
    const std::string name = a.name ? a.name->text : "";
    const auto row =
        std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return name == r.name; });
    if (row == std::end(rows)) {
      const std::string near = nearest(name, names);
      fail(code::unknown_setting, a.span, "a training has no setting `" + name + "`", "not a setting",
           near.empty() ? "its settings are " + listed(names) : "did you mean `" + near + "`?", {},
           a.name ? replaced(a.name->span, near) : std::nullopt);
      continue;
    }
    if (const auto [first, fresh] = spans.emplace(name, a.span); !fresh) {
      fail(code::declared_twice, a.span, "`" + name + "` is set twice", "the second time", "",
           {{first->second, "first set here"}});
      continue;
    }
    if (!row->value) {
      const auto path = text(evaluate(*a.value), a.span, name);
      if (!path) continue;
      if (path->empty()) {
        fail(code::setting_range, a.span, name + " is the name of a file", "empty");
        continue;
      }
      t.checkpoint = *path;
      continue;
    }
    const auto n = whole_number(evaluate(*a.value), a.span, name);
    if (!n) continue;
    if (*n < row->least) {
      fail(code::setting_range, a.span, name + " is at least " + std::to_string(row->least), "too small");
      continue;
    }
    *row->value = *n;
  }
}

/// Settings that don't go together.
void Elaborator::check_settings(const ast::TrainDecl& d, const SettingSpans& spans) {
  if (!d.on) {
    if (const auto epochs = spans.find("epochs"); epochs != spans.end()) {
      fail(code::no_data, epochs->second, "an epoch is a pass over data, and this training has none",
           "no `on`", "write steps = 500");
    } else if (!spans.count("steps")) {
      fail(code::no_data, d.name.span, "a training without data needs its number of steps",
           "no `on` and no `steps`",
           "write steps = 500, or train " + d.name.text + " on book.train as (x = ids, y = next)");
    }
  }
}

}  // namespace weft::check
