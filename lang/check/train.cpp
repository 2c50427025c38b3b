#include <algorithm>

#include "lang/check/guards.h"
#include "lang/check/suggest.h"
#include "lang/check/training_reader.h"

/// `train`: what it runs on, its settings and its metrics.
namespace weft::check {

TrainingReader::TrainingReader(Elaborator& e, const ast::TrainDecl& d, Span keyword) : e_(e), d_(d) {
  t_.name = d.name.text;
  t_.origin = keyword;
}

/// What stands after `on`. False after a diagnostic.
bool TrainingReader::batches() {
  if (!d_.on) return true;  // nothing: the step makes what it learns from
  GraphScope own(e_.axis_table());
  const GraphGuard in_graph(e_, &own);
  const Value on = e_.evaluate(*d_.on);
  if (const auto* split = as<SplitValue>(on)) {
    t_.batches = CorpusBatches{split->data, split->split};
    return true;
  }
  if (const auto* e = as<EpisodesValue>(on)) {
    // A policy computed amid other things could not be run by itself.
    if (e->episodes->policy.graph->inputs().size() == e->episodes->policy.inputs.size() &&
        e_.settled(*e->episodes->policy.graph)) {
      t_.batches = *e->episodes;
      for (const char* name : {"return", "length"}) t_.episode_metrics.push_back(metric(name));
      return true;
    }
    e_.fail(code::not_here, d_.on->span, "these episodes belong to another computation", "not available here",
            "write episodes(...) after `on`");
    return false;
  }
  if (is_poison(on)) return false;
  const std::string split = as<DataValue>(on) ? std::string(e_.sources().text(d_.on->span)) + ".train" : "";
  e_.fail(code::not_a_split, d_.on->span,
          "a training runs on a split of a corpus or on episodes, not on " + kind_of(on), "not a split",
          split.empty() ? "" : "write " + split, {}, replaced(d_.on->span, split));
  return false;
}

/// A number that a training gives, under a name of its own.
Metric TrainingReader::metric(const std::string& name) {
  return {name, e_.program().add({name, VariableKind::value, {}, {}, 0})};
}

Value TrainingReader::read() {
  const std::size_t faults = e_.faults();
  {
    const ScopeGuard in_scope(e_, e_.inner_scope());
    const bool good = batches();
    t_.step_number = metric("step").variable;
    t_.total_steps = metric("steps").variable;
    const Parts parts = read_parts();
    // The settings say how the step is made, wherever they stand.
    SettingSpans spans;
    for (const ast::Settings* s : parts.settings) settings(*s, spans);
    check_settings(spans);
    if (t_.patience > 0 && !parts.validation) {
      e_.fail(code::patience_alone, spans.at("patience"),
              "patience counts validations, and this training has none", "no `validate`",
              "write validate on book.valid { show loss = ... }");
    }
    if (good && parts.step) step(parts.step->body);
    if (good && t_.losses.empty() && t_.trained.empty() && e_.faults() == faults) {
      e_.fail(code::no_minimize, t_.origin, "training `" + t_.name + "` learns nothing",
              "no `minimize` or `set` in its step",
              "write step { minimize loss over model using adam(1e-3) }");
    }
    if (good && parts.validation) validate(*parts.validation);
  }
  if (e_.faults() > faults) return Poison{};
  // The first of a name is meant: what the script shows itself stands before what every training has.
  RunValue run{t_.name, t_.shown};
  const auto add = [&](const std::vector<Metric>& metrics) {
    run.metrics.insert(run.metrics.end(), metrics.begin(), metrics.end());
  };
  add(t_.losses);
  add(t_.episode_metrics);
  if (t_.validation) add(t_.validation->shown);
  e_.program().actions.push_back(std::move(t_));
  return run;
}

TrainingReader::Parts TrainingReader::read_parts() {
  Parts parts;
  e_.each(d_.body, [&](const ast::Stmt& s) {
    if (const auto* b = std::get_if<ast::StepBlock>(&s.form)) {
      if (parts.step)
        e_.fail(code::declared_twice, s.keyword, "a training has one step", "the second one",
                "put its statements into the first: they are done in order");
      parts.step = b;
    } else if (const auto* v = std::get_if<ast::ValidateBlock>(&s.form)) {
      parts.validation = v;
    } else if (const auto* set = std::get_if<ast::Settings>(&s.form)) {
      parts.settings.push_back(set);
    } else {
      e_.fail(code::not_here, s.keyword, "a train block holds step, validate and settings", "not here");
    }
    return true;
  });
  return parts;
}

void TrainingReader::settings(const ast::Settings& s, SettingSpans& spans) {
  struct Row {
    const char* name;
    std::int64_t* value;  // null: a text
    std::int64_t least;
  };
  const Row rows[] = {{"epochs", &t_.epochs, 0},     {"steps", &t_.steps, 1},
                      {"patience", &t_.patience, 1}, {"accumulate", &t_.accumulate, 1},
                      {"seed", &t_.seed, 0},         {"checkpoint", nullptr, 0}};
  std::vector<std::string> names;
  for (const Row& r : rows) names.emplace_back(r.name);
  for (const ast::Argument& a : s.values) {
    const std::string name = a.name ? a.name->text : "";
    const auto row =
        std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return name == r.name; });
    if (row == std::end(rows)) {
      const std::string near = nearest(name, names);
      e_.fail(code::unknown_setting, a.span, "a training has no setting `" + name + "`", "not a setting",
              near.empty() ? "its settings are " + listed(names) : "did you mean `" + near + "`?", {},
              a.name ? replaced(a.name->span, near) : std::nullopt);
      continue;
    }
    if (const auto [first, fresh] = spans.emplace(name, a.span); !fresh) {
      e_.fail(code::declared_twice, a.span, "`" + name + "` is set twice", "the second time", "",
              {{first->second, "first set here"}});
      continue;
    }
    if (!row->value) {
      const auto path = e_.text(e_.evaluate(*a.value), a.span, name);
      if (!path) continue;
      if (path->empty()) {
        e_.fail(code::setting_range, a.span, name + " is the name of a file", "empty");
        continue;
      }
      t_.checkpoint = *path;
      continue;
    }
    const auto n = e_.whole_number(e_.evaluate(*a.value), a.span, name);
    if (!n) continue;
    if (*n < row->least) {
      e_.fail(code::setting_range, a.span, name + " is at least " + std::to_string(row->least), "too small");
      continue;
    }
    *row->value = *n;
  }
}

/// Settings that don't go together.
void TrainingReader::check_settings(const SettingSpans& spans) {
  if (!d_.on) {
    if (const auto epochs = spans.find("epochs"); epochs != spans.end()) {
      e_.fail(code::no_data, epochs->second, "an epoch is a pass over data, and this training has none",
              "no `on`", "write steps = 500");
    } else if (!spans.count("steps")) {
      e_.fail(code::no_data, d_.name.span, "a training without data needs its number of steps",
              "no `on` and no `steps`",
              "write steps = 500, or train " + d_.name.text + " on book.train as (x = ids, y = next)");
    }
  }
}

}  // namespace weft::check
