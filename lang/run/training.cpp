#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "lang/run/machine.h"
#include "lang/run/print.h"
#include "lang/run/snapshot.h"

/// One `train` statement, executed.
namespace weft {

namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

/// Metrics of which more is better; of all others less is.
bool larger_is_better(const std::string& metric) {
  for (const char* name : {"accuracy", "precision", "recall", "f1", "auc"}) {
    if (metric == name) return true;
  }
  return false;
}

void set_scalar(Tensor& t, double value) {
  if (t.dtype() == DType::f32) {
    t.values<float>()[0] = static_cast<float>(value);
  } else {
    t.values<double>()[0] = value;
  }
}

/// The same values, reals as float64.
Tensor widened(const Tensor& t) {
  if (t.dtype() != DType::f32) return t.clone();
  Tensor wide(DType::f64, t.axes());
  std::ranges::copy(t.values<float>(), wide.values<double>().begin());
  return wide;
}

/// A batch's partial result joined to the total; the first becomes it.
void join(Tensor& total, const Tensor& partial, Join how) {
  const Tensor wide = widened(partial);
  if (!total) {
    total = wide;
    return;
  }
  const auto x = wide.values<double>(), sum = total.values<double>();
  for (std::size_t i = 0; i < x.size(); ++i)
    sum[i] = how == Join::add ? sum[i] + x[i] : std::max(sum[i], x[i]);
}

/// Plans for one computation fed with batches, one for each combination of batch extents, the latest kept.
class BatchPlans {
 public:
  struct Entry {
    std::vector<std::int64_t> extents;
    std::map<VariableId, Tensor> fed;
    std::unique_ptr<Plan> plan;
    std::uint64_t used = 0;
  };
  static constexpr std::size_t kKept = 32;

  template <class Make>
  Entry& find(const std::vector<std::int64_t>& extents, const Make& make) {
    for (auto& e : entries_) {
      if (e->extents == extents) {
        e->used = ++clock_;
        return *e;
      }
    }
    if (entries_.size() == kKept) {
      entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                      [](const auto& a, const auto& b) { return a->used < b->used; }));
    }
    entries_.push_back(std::make_unique<Entry>(make()));
    entries_.back()->extents = extents;
    entries_.back()->used = ++clock_;
    return *entries_.back();
  }

 private:
  std::vector<std::unique_ptr<Entry>> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace

/// The state of a training while it runs.
struct Machine::TrainingRun {
  Machine& machine;
  const Training& training;
  const corpora::Dataset& dataset;
  BatchPlans step_plans, validation_plans;
  corpora::Batch batch;
  std::int64_t step = 0, total = 0, epochs = 0;
  double epoch_loss = 0;
  std::int64_t epoch_steps = 0, epoch_tokens = 0;
  Clock::time_point epoch_start = Clock::now(), reported = {};
  std::vector<double> losses;
  std::vector<std::pair<std::string, double>> metrics;
  ValueOf value_of = [this](VariableId v) -> Tensor& { return machine.value(v); };
  LastGood last_good{training.trained, value_of};
  Snapshot best;  // with patience: the model of the best validation

  TrainingRun(Machine& m, const Training& t) : machine(m), training(t), dataset(*m.opened(t.data).dataset) {}

  void feed(DataId id, BatchPlans::Entry& entry) {
    const DataSource& data = machine.program_.data[static_cast<std::size_t>(id)];
    const auto copy = [&](VariableId variable, const std::vector<std::int32_t>& values) {
      const auto it = entry.fed.find(variable);
      if (it == entry.fed.end()) return;
      std::memcpy(it->second.data(), values.data(), static_cast<std::size_t>(it->second.bytes()));
    };
    for (std::size_t c = 0; c < data.columns.size(); ++c) copy(data.columns[c], batch.columns[c]);
    copy(data.lengths, batch.lengths);
  }

  /// The plan for the batch at hand, its columns filled.
  Plan& ready(BatchPlans& plans, DataId id, const Computation& c) {
    const DataSource& data = machine.program_.data[static_cast<std::size_t>(id)];
    BatchPlans::Entry& entry = plans.find(batch.extents, [&] {
      for (std::size_t a = 0; a < data.axes.size(); ++a) {
        machine.bindings_.bind(data.axes[a].extent.symbol().value(), batch.extents[a]);
      }
      BatchPlans::Entry fresh;
      std::vector<VariableId> columns = data.columns;
      columns.push_back(data.lengths);
      for (const VariableId v : columns) {
        if (v >= 0)
          fresh.fed.emplace(v, machine.make(machine.program_.variables[static_cast<std::size_t>(v)].type));
      }
      fresh.plan = std::make_unique<Plan>(machine.plan(c, fresh.fed));
      for (const Dim& d : data.axes) machine.bindings_.release(d.extent.symbol().value());
      return fresh;
    });
    feed(id, entry);
    return *entry.plan;
  }

  void report(bool epoch_done, std::int64_t epoch) {
    const auto now = Clock::now();
    if (!epoch_done && seconds(now - reported) < 0.1) return;
    reported = now;
    const double elapsed = std::max(seconds(now - epoch_start), 1e-9);
    Progress p;
    p.run = training.name;
    p.epoch = epoch + 1;
    p.epochs = epochs;
    p.step = step;
    p.steps = total;
    p.loss = epoch_steps ? epoch_loss / static_cast<double>(epoch_steps) : 0;
    p.tokens_per_second = static_cast<double>(epoch_tokens) / elapsed;
    p.seconds_left =
        epoch_steps ? elapsed / static_cast<double>(epoch_steps) * static_cast<double>(total - step) : 0;
    p.epoch_done = epoch_done;
    if (epoch_done) p.metrics = metrics;
    machine.observer_.progress(p);
  }

  /// False: the loss is not finite.
  bool take_step() {
    Plan& plan = ready(step_plans, training.data, training.step);
    last_good.before_step(step);
    ++step;
    set_scalar(machine.value(training.step_number), static_cast<double>(step));
    plan.run(machine.workers_, {machine.options_.seed, ++machine.steps_});
    losses.clear();
    bool finite = true;
    for (std::size_t i = 0; i < training.losses.size(); ++i) {
      losses.push_back(plan.output(static_cast<int>(i)).item());
      finite = finite && std::isfinite(losses.back());
    }
    epoch_loss += losses[0];
    epoch_tokens += batch.tokens;
    ++epoch_steps;
    if (finite) last_good.step_was_good(step);
    return finite;
  }

  /// Ends a training gone wrong: the model goes back to where it was good.
  void give_up(const std::string& why) {
    const std::int64_t good = last_good.restore();
    const std::string model =
        best.taken() ? "the best one validated" : "as it was after step " + std::to_string(good);
    machine.observer_.note("training " + training.name + " stopped: " + why + " at step " +
                           std::to_string(step) + "; the model is " + model +
                           " (a smaller learning rate or clip = 1.0 may help)");
    machine.outcome_ = Outcome::failed;
    machine.stopped_ = true;
  }

  void validate() {
    const Validation& v = *training.validation;
    const SplitMetrics& m = *v.metrics;
    Computation each{std::shared_ptr<Graph>(v.metrics, &v.metrics->batch), {}, m.partials, {}};
    for (const std::uint32_t slot : m.batch_slots) each.inputs.push_back(v.inputs[slot]);
    // Counts of tokens outgrow float32: what is made of the totals is computed in float64.
    std::vector<Tensor> totals(m.joins.size());
    const corpora::Dataset& corpus = *machine.opened(v.data).dataset;
    const auto stream = corpus.stream(v.split, 0);
    while (stream->next(batch)) {
      Plan& plan = ready(validation_plans, v.data, each);
      plan.run(machine.workers_, {machine.options_.seed, machine.steps_});
      for (std::size_t i = 0; i < totals.size(); ++i)
        join(totals[i], plan.output(static_cast<int>(i)), m.joins[i]);
    }
    std::vector<Tensor> inputs = std::move(totals);
    for (const std::uint32_t slot : m.total_slots) inputs.push_back(widened(machine.value(v.inputs[slot])));
    Plan last(m.total, m.outputs, {}, machine.bindings_, std::move(inputs), {DType::f64, Device::cpu});
    last.run(machine.workers_);
    metrics.clear();
    for (std::size_t i = 0; i < v.shown.size(); ++i) {
      const double x = last.output(static_cast<int>(i)).item();
      metrics.emplace_back(v.shown[i].name, x);
      set_scalar(machine.value(v.shown[i].variable), x);
    }
  }
};

void Machine::execute(const Training& t) {
  TrainingRun run(*this, t);
  const std::int64_t batches = run.dataset.batches(t.split);
  if (batches == 0) {
    throw corpora::DataError(program_.data[static_cast<std::size_t>(t.data)].request.path, 0,
                             "there is no batch to train on",
                             "the split is empty: set holdout, or give a file of its own");
  }
  if (t.validation && opened(t.validation->data).dataset->batches(t.validation->split) == 0) {
    throw corpora::DataError(program_.data[static_cast<std::size_t>(t.validation->data)].request.path, 0,
                             "there is no batch to validate on",
                             "the split is empty: set holdout, or give a file of its own");
  }
  run.epochs = t.epochs >= 0 ? t.epochs : t.steps > 0 ? (t.steps + batches - 1) / batches : 1;
  run.total = run.epochs * batches;
  if (t.steps > 0) run.total = std::min(run.total, t.steps);
  set_scalar(value(t.total_steps), static_cast<double>(run.total));
  for (const VariableId s : t.states) values_[s] = make(program_.variables[static_cast<std::size_t>(s)].type);

  double best = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch = 0;
  std::vector<std::pair<std::string, double>> best_metrics;
  nlohmann::json history = {{"run", t.name}, {"epochs", nlohmann::json::array()}};

  for (std::int64_t epoch = 0; epoch < run.epochs && run.step < run.total; ++epoch) {
    run.epoch_start = Clock::now();
    run.epoch_loss = 0;
    run.epoch_steps = run.epoch_tokens = 0;
    const auto stream = run.dataset.stream(t.split, static_cast<std::uint64_t>(epoch));
    while (run.step < run.total && outcome_ == Outcome::done && stream->next(run.batch)) {
      if (!run.take_step()) {
        run.give_up("the loss is not a number");
        break;
      }
      run.report(false, epoch);
      if (observer_.interrupted()) {
        observer_.note("training " + t.name + " interrupted after step " + std::to_string(run.step) +
                       "; the model keeps what it learnt");
        outcome_ = Outcome::interrupted;
      }
    }
    if (outcome_ != Outcome::failed && !run.last_good.still_finite()) {
      run.give_up("the model is no longer made of numbers");
    }
    for (std::size_t i = 0; i < t.losses.size() && i < run.losses.size(); ++i) {
      set_scalar(value(t.losses[i].variable), i == 0 && run.epoch_steps
                                                  ? run.epoch_loss / static_cast<double>(run.epoch_steps)
                                                  : run.losses[i]);
    }
    if (outcome_ != Outcome::done) break;
    if (t.validation) run.validate();
    run.report(true, epoch);
    nlohmann::json record = {
        {"loss", run.epoch_loss / static_cast<double>(std::max<std::int64_t>(run.epoch_steps, 1))}};
    for (const auto& [name, x] : run.metrics)
      record[name] = std::isfinite(x) ? nlohmann::json(x) : nlohmann::json();
    history["epochs"].push_back(record);
    if (!t.validation || t.patience < 0) continue;

    const double watched =
        larger_is_better(run.metrics[0].first) ? -run.metrics[0].second : run.metrics[0].second;
    if (watched < best) {
      best = watched;
      best_epoch = epoch;
      best_metrics = run.metrics;
      run.best.take(run.step, t.trained, run.value_of);
    } else if (epoch - best_epoch >= t.patience) {
      observer_.note("training " + t.name + " stopped early: no better " + run.metrics[0].first +
                     " since epoch " + std::to_string(best_epoch + 1));
      break;
    }
  }
  // With patience the model of the best validation is the result.
  run.best.restore(run.value_of);
  for (std::size_t i = 0; i < best_metrics.size(); ++i) {
    set_scalar(value(t.validation->shown[i].variable), best_metrics[i].second);
  }
  history["steps"] = run.step;
  history_.push_back(history.dump());
}

}  // namespace weft
