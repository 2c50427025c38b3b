#include <algorithm>

#include "lang/run/scalars.h"
#include "lang/run/trainer.h"
#include "lang/run/training_log.h"

/// What a training tells of itself: its numbers and how far it is.
namespace weft {

namespace {

double seconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<double>(d).count();
}

}  // namespace

double Trainer::mean(std::size_t metric) const {
  return state_.epoch_runs ? state_.sums[metric] / static_cast<double>(state_.epoch_runs) : 0;
}

std::string Trainer::metric_name(std::size_t metric) const {
  const std::size_t losses = training_.losses.size();
  return metric < losses ? training_.losses[metric].name : training_.shown[metric - losses].name;
}

/// What the step shows and what its episodes came to, this epoch.
Trainer::Named Trainer::means() const {
  Named out;
  for (std::size_t i = training_.losses.size(); i < state_.sums.size(); ++i)
    out.emplace_back(metric_name(i), mean(i));
  if (episodes_) {
    out.emplace_back("return", episodes_->episodes().recent_return());
    out.emplace_back("length", episodes_->episodes().recent_length());
  }
  return out;
}

void Trainer::set_metrics() {
  if (state_.epoch_runs > 0) {
    for (std::size_t i = 0; i < training_.losses.size(); ++i)
      set_scalar(value(training_.losses[i].variable), mean(i));
    for (std::size_t i = 0; i < training_.shown.size(); ++i)
      set_scalar(value(training_.shown[i].variable), mean(training_.losses.size() + i));
  }
  if (episodes_) {
    if (state_.epoch_runs > 0 && !state_.finished)
      state_.episodes = {episodes_->episodes().recent_return(), episodes_->episodes().recent_length()};
    for (std::size_t i = 0; i < state_.episodes.size(); ++i)
      set_scalar(value(training_.episode_metrics[i].variable), state_.episodes[i]);
  }
  for (std::size_t i = 0; i < state_.metrics.size(); ++i)
    set_scalar(value(training_.validation->shown[i].variable), state_.metrics[i]);
}

void Trainer::report(bool epoch_done) {
  const auto now = Clock::now();
  if (!epoch_done && seconds(now - reported_) < 0.1) return;
  reported_ = now;
  if (machine_.options_.log) machine_.options_.log->flush();
  const double elapsed = std::max(seconds(now - epoch_start_), 1e-9);
  const auto runs = static_cast<double>(state_.epoch_runs - runs_before_);
  Progress p;
  p.run = training_.name;
  p.epoch = state_.epoch + 1;
  p.epochs = epochs_;
  p.step = state_.step;
  p.steps = counted_ ? total_ : 0;
  p.has_loss = !training_.losses.empty();
  p.loss = p.has_loss ? mean(0) : 0;
  p.tokens_per_second = static_cast<double>(state_.epoch_tokens - tokens_before_) / elapsed;
  p.steps_per_second = runs / static_cast<double>(training_.accumulate) / elapsed;
  double left = static_cast<double>(total_ - state_.step);
  if (episodes_) {
    p.episode = episodes_->episodes().finished();
    p.episodes = episodes_->episodes().count();
    if (!counted_) {  // as many steps an episode as up to now
      left = static_cast<double>(state_.epoch_runs) * static_cast<double>(p.episodes - p.episode) /
             static_cast<double>(std::max<std::int64_t>(p.episode, 1));
    }
  }
  p.seconds_left = p.steps_per_second > 0 ? left / p.steps_per_second : 0;
  p.epoch_done = epoch_done;
  p.metrics = means();
  if (epoch_done) {
    for (std::size_t i = 0; i < state_.metrics.size(); ++i)
      p.metrics.emplace_back(training_.validation->shown[i].name, state_.metrics[i]);
  }
  machine_.observer_.progress(p);
}

/// The step just done, with the means over its `group` of batches.
void Trainer::log_step(std::int64_t group) {
  const double took = seconds(Clock::now() - step_start_);
  Named means;
  for (std::size_t i = 0; i < state_.sums.size(); ++i)
    means.emplace_back(metric_name(i), (state_.sums[i] - sums_before_[i]) / static_cast<double>(group));
  machine_.options_.log->step(training_.name, state_.step, means, took);
}

void Trainer::log_validation(std::int64_t batches, Clock::time_point start) {
  const double took = seconds(Clock::now() - start);
  Named metrics;
  for (std::size_t i = 0; i < state_.metrics.size(); ++i)
    metrics.emplace_back(training_.validation->shown[i].name, state_.metrics[i]);
  machine_.options_.log->validation(training_.name, state_.step, state_.epoch + 1, metrics, batches, took);
}

}  // namespace weft
