#include "lang/run/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "lang/run/fit.h"
#include "lang/run/plateau.h"
#include "lang/run/scalars.h"
#include "lang/run/training_log.h"
#include "tensor/memory.h"

namespace weft {

namespace {

constexpr std::int64_t kUncounted = std::numeric_limits<std::int64_t>::max();
constexpr std::chrono::minutes kBetweenCheckpoints{5};

/// Metrics of which more is better; of all others less is.
bool larger_is_better(const std::string& metric) {
  for (const char* name : {"accuracy", "precision", "recall", "f1", "auc"}) {
    if (metric == name) return true;
  }
  return false;
}

nlohmann::json json_number(double x) {
  return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json();
}

}  // namespace

Trainer::Trainer(Machine& machine, const Training& training, const Provenance& provenance)
    : machine_(machine),
      training_(training),
      seed_(training.seed >= 0 ? static_cast<std::uint64_t>(training.seed) : machine.options_.seed),
      last_good_(training.trained, value_of_) {
  // With a seed of its own a training doesn't depend on those before it either.
  state_.first_key = training.seed >= 0 ? 0 : machine.steps_;
  state_.sums.assign(training.losses.size() + training.shown.size(), 0);
  open_source();
  count_steps();
  for (const VariableId s : training.states) {
    machine.values_[s] = machine.make(s);
  }
  if (training.catch_up.graph) catch_up_ = std::make_unique<Plan>(machine.plan(training.catch_up, {}));
  if (!training.checkpoint.empty()) checkpoint_ = std::make_unique<Checkpoint>(machine, training, provenance);
}

RandomKey Trainer::key() const {
  return {seed_, state_.first_key + state_.runs};
}

// --- setting out ---

void Trainer::open_source() {
  const auto corpus = [&](DataId id, corpora::Split split, const char* purpose, std::uint64_t order) {
    const DataSource& data = machine_.program_.data[static_cast<std::size_t>(id)];
    auto source = corpus_batches(*machine_.opened(id).dataset, data, split, order);
    if (source->batches() > 0) return source;
    throw corpora::DataError(data.request.path, 0, std::string("there is no batch to ") + purpose + " on",
                             "the split is empty: set holdout, or give a file of its own");
  };
  if (const auto* c = std::get_if<CorpusBatches>(&training_.batches)) {
    // An own seed makes an order of its own: passes of other numbers are shuffled differently.
    const std::uint64_t order =
        training_.seed >= 0 ? (static_cast<std::uint64_t>(training_.seed) + 1) << 32 : 0;
    source_ = corpus(c->data, c->split, "train", order);
  } else if (const auto* e = std::get_if<EpisodeBatches>(&training_.batches)) {
    Tensor state = machine_.make(e->state);
    Plan policy = machine_.plan(e->policy, {{e->state, state}});
    auto source =
        std::make_unique<EpisodeSource>(*e, std::move(policy), std::move(state), machine_.workers_, seed_);
    episodes_ = source.get();
    source_ = std::move(source);
  } else {
    source_ = no_batches(training_.steps * training_.accumulate);
  }
  if (training_.validation)
    validation_source_ = corpus(training_.validation->data, training_.validation->split, "validate", 0);
}

void Trainer::count_steps() {
  const std::int64_t batches = source_->batches();
  counted_ = batches >= 0 || training_.steps > 0;
  if (batches < 0) {
    epochs_ = training_.epochs >= 0 ? training_.epochs : 1;
    total_ = training_.steps > 0 ? training_.steps : kUncounted;
  } else {
    // Groups of batches end with the pass: the last may be smaller.
    const std::int64_t steps = (batches + training_.accumulate - 1) / training_.accumulate;
    epochs_ = training_.epochs >= 0 ? training_.epochs
              : training_.steps > 0 ? (training_.steps + steps - 1) / steps
                                    : 1;
    total_ = epochs_ * steps;
    if (training_.steps > 0) total_ = std::min(total_, training_.steps);
  }
  // Where the end is not known, a schedule never comes nearer to it.
  set_scalar(value(training_.total_steps),
             counted_ ? static_cast<double>(total_) : std::numeric_limits<double>::infinity());
}

/// True where the training is over already.
bool Trainer::take_up_checkpoint() {
  if (!checkpoint_ || !checkpoint_->read(state_, best_)) return false;
  std::string note = "training " + training_.name;
  if (state_.finished) {
    note += " is finished according to " + training_.checkpoint + " and isn't repeated";
  } else {
    note += " goes on from " + training_.checkpoint + " after step " + std::to_string(state_.step);
  }
  machine_.observer_.note(note);
  return state_.finished;
}

// --- a pass ---

Plan& Trainer::ready(BatchPlans& plans, const BatchSource& source, const Computation& c) {
  BatchPlans::Entry* entry = plans.find(source.extents());
  if (!entry) entry = &plans.add(source.extents(), plan_for(source, c));
  source.fill(entry->fed);
  return *entry->plan;
}

BatchPlans::Entry Trainer::plan_for(const BatchSource& source, const Computation& c) {
  const std::vector<Dim>& axes = source.axes();
  for (std::size_t a = 0; a < axes.size(); ++a)
    machine_.bindings_.bind(axes[a].extent.symbol().value(), source.extents()[a]);
  BatchPlans::Entry fresh;
  for (const VariableId v : source.columns()) {
    if (v >= 0) fresh.fed.emplace(v, machine_.make(v));
  }
  try {
    fresh.plan = std::make_unique<Plan>(machine_.plan(c, fresh.fed));
  } catch (const PlanOutOfMemory& e) {
    const std::string advice =
        batch_advice(c, axes, source.extents(), machine_.bindings_, machine_.options_.real, free_memory());
    throw OutOfMemory(advice.empty() ? e.what() : advice + machine_.largest_value(e));
  }
  for (const Dim& d : axes) machine_.bindings_.release(d.extent.symbol().value());
  return fresh;
}

/// False: a loss is not finite.
bool Trainer::run_batch() {
  Plan& plan = ready(step_plans_, *source_, training_.step);
  if (!std::exchange(paced_, true)) last_good_.pace(plan.arena_bytes());
  ++state_.runs;
  plan.run(machine_.workers_, key());
  bool finite = true;
  for (std::size_t i = 0; i < state_.sums.size(); ++i) {
    const double x = plan.output(static_cast<int>(i)).item();
    state_.sums[i] += x;
    if (i < training_.losses.size()) finite = finite && std::isfinite(x);
  }
  state_.epoch_tokens += source_->tokens();
  ++state_.epoch_runs;
  return finite;
}

/// One update, from one batch or with `accumulate` a group of them. False at the end of the pass, and when
/// the training is given up.
bool Trainer::take_step() {
  if (machine_.options_.log) {
    step_start_ = Clock::now();
    sums_before_ = state_.sums;
  }
  if (!source_->next()) return false;
  // Where no loss tells, what was learnt is looked at itself.
  if (training_.losses.empty() && state_.step % last_good_.interval() == 0 && !last_good_.still_finite()) {
    give_up("the model is no longer made of numbers");
    return false;
  }
  if (last_good_.due(state_.step)) {
    catch_up();
    last_good_.before_step(state_.step);
  }
  ++state_.step;
  set_scalar(value(training_.step_number), static_cast<double>(state_.step));
  const double before = training_.losses.empty() ? 0 : state_.sums[0];
  bool finite = run_batch();
  std::int64_t group = 1;
  for (; finite && group < training_.accumulate && source_->next(); ++group) finite = run_batch();
  if (!finite) {
    if (machine_.options_.log) log_step(group);
    give_up("the loss is not a number");
    return false;
  }
  if (!training_.losses.empty())
    machine_.curves_[training_.name].add((state_.sums[0] - before) / static_cast<double>(group));
  if (training_.accumulate > 1) {
    set_scalar(value(training_.group_size), static_cast<double>(group));
    if (!apply_) apply_ = std::make_unique<Plan>(machine_.plan(training_.apply, {}));
    apply_->run(machine_.workers_, key());
  }
  last_good_.step_was_good(state_.step);
  if (machine_.options_.log) log_step(group);
  return true;
}

void Trainer::catch_up() {
  if (catch_up_) catch_up_->run(machine_.workers_);
}

void Trainer::pass() {
  source_->begin(state_.epoch, state_.cursor);
  epoch_start_ = Clock::now();
  runs_before_ = state_.epoch_runs;
  tokens_before_ = state_.epoch_tokens;
  try {
    take_steps();
  } catch (...) {
    catch_up();
    throw;
  }
  if (machine_.outcome_ == Outcome::failed) return;
  catch_up();
  if (!last_good_.still_finite()) give_up("the model is no longer made of numbers");
}

void Trainer::take_steps() {
  while (state_.step < total_ && machine_.outcome_ == Outcome::done && take_step()) {
    report(false);
    if (machine_.observer_.interrupted()) {
      machine_.observer_.note("training " + training_.name + " interrupted after step " +
                              std::to_string(state_.step) + "; the model keeps what it learnt");
      machine_.outcome_ = Outcome::interrupted;
    } else if (checkpoint_ && Clock::now() - saved_ > kBetweenCheckpoints) {
      state_.cursor = source_->cursor();
      catch_up();
      write_checkpoint();
    }
  }
}

/// Ends a training gone wrong: the model goes back to where it was good.
void Trainer::give_up(const std::string& why) {
  const std::int64_t good = last_good_.restore();
  const std::string model =
      best_.taken() ? "the best one validated" : "as it was after step " + std::to_string(good);
  machine_.observer_.note("training " + training_.name + " stopped: " + why + " at step " +
                          std::to_string(state_.step) + "; the model is " + model +
                          " (a smaller learning rate or clip = 1.0 may help)");
  machine_.outcome_ = Outcome::failed;
  machine_.stopped_ = true;
}

// --- the whole ---

/// False where patience ends the training.
bool Trainer::end_epoch() {
  report(true);
  nlohmann::json record;
  if (!training_.losses.empty()) record["loss"] = json_number(mean(0));
  for (const auto& [name, x] : means()) record[name] = json_number(x);
  for (std::size_t i = 0; i < state_.metrics.size(); ++i)
    record[training_.validation->shown[i].name] = json_number(state_.metrics[i]);
  state_.history.push_back(record.dump());
  for (const Plateau& p : training_.plateaus) {
    const std::string& metric = training_.validation ? training_.validation->shown[0].name : "loss";
    set_scalar(value(p.reductions), static_cast<double>(count_plateaus(
                                        state_.history, metric, larger_is_better(metric), p.patience)));
  }
  if (!training_.validation || training_.patience < 0) return true;

  const std::string& watched = training_.validation->shown[0].name;
  const double x = larger_is_better(watched) ? -state_.metrics[0] : state_.metrics[0];
  if (x < state_.best) {
    state_.best = x;
    state_.best_epoch = state_.epoch;
    state_.best_step = state_.step;
    state_.best_metrics = state_.metrics;
    best_.take(state_.step, training_.trained, value_of_);
    return true;
  }
  if (state_.epoch - state_.best_epoch < training_.patience) return true;
  machine_.observer_.note("training " + training_.name + " stopped early: no better " + watched +
                          " since epoch " + std::to_string(state_.best_epoch + 1));
  return false;
}

void Trainer::write_checkpoint() {
  if (!checkpoint_) return;
  checkpoint_->write(state_, best_);
  saved_ = Clock::now();
}

/// What the program goes on with: with patience the model of the best validation.
void Trainer::finish() {
  best_.restore(value_of_);
  if (best_.taken()) state_.metrics = state_.best_metrics;
  set_metrics();
  if (training_.seed < 0) machine_.steps_ = state_.first_key + state_.runs;
  nlohmann::json history = {{"run", training_.name}, {"epochs", nlohmann::json::array()}};
  for (const std::string& epoch : state_.history) history["epochs"].push_back(nlohmann::json::parse(epoch));
  history["steps"] = state_.step;
  machine_.history_.push_back(history.dump());
}

void Trainer::run() {
  saved_ = Clock::now();
  machine_.curves_[training_.name] = {};
  bool going = !take_up_checkpoint();
  while (going && state_.epoch < epochs_ && state_.step < total_) {
    pass();
    set_metrics();
    state_.cursor = source_->cursor();
    if (machine_.outcome_ == Outcome::done && training_.validation && !validate())
      machine_.outcome_ = Outcome::interrupted;
    if (machine_.outcome_ != Outcome::done) break;
    set_metrics();
    going = end_epoch();
    ++state_.epoch;
    state_.cursor.clear();
    if (!going || state_.epoch == epochs_ || state_.step >= total_) break;
    std::fill(state_.sums.begin(), state_.sums.end(), 0);
    state_.epoch_runs = state_.epoch_tokens = 0;
    write_checkpoint();
  }
  if (machine_.outcome_ == Outcome::interrupted) write_checkpoint();
  const bool over = machine_.outcome_ == Outcome::done && !state_.finished;
  finish();
  if (over) {
    state_.finished = true;
    write_checkpoint();
  }
}

void Machine::execute(const Training& t, const Provenance& provenance) {
  Trainer(*this, t, provenance).run();
}

}  // namespace weft
