#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lang/run/batch_plans.h"
#include "lang/run/batch_source.h"
#include "lang/run/checkpoint.h"
#include "lang/run/machine.h"
#include "lang/run/snapshot.h"
#include "lang/run/training_state.h"

namespace weft {

/// One `train` statement, executed.
class Trainer {
 public:
  Trainer(Machine& machine, const Training& training, const Provenance& provenance);
  void run();

 private:
  using Clock = std::chrono::steady_clock;
  using Named = std::vector<std::pair<std::string, double>>;

  // setting out
  void open_source();
  void count_steps();
  bool take_up_checkpoint();

  // the steps of a pass
  void pass();
  void take_steps();
  bool take_step();
  bool run_batch();
  /// Makes the model what it is after the last step, wherever it lags.
  void catch_up();
  /// The plan for the batch at hand of a source, its columns filled.
  Plan& ready(BatchPlans&, const BatchSource&, const Computation&);
  BatchPlans::Entry plan_for(const BatchSource&, const Computation&);
  void give_up(const std::string& why);

  // between passes
  /// False where the user asked to stop on the way.
  bool validate();
  bool end_epoch();
  void set_metrics();
  void finish();
  void write_checkpoint();
  void report(bool epoch_done);
  void log_step(std::int64_t group);
  void log_validation(std::int64_t batches, Clock::time_point start);

  double mean(std::size_t metric) const;
  std::string metric_name(std::size_t metric) const;
  Named means() const;
  RandomKey key() const;
  Tensor& value(VariableId id) { return machine_.value(id); }

  Machine& machine_;
  const Training& training_;
  std::unique_ptr<BatchSource> source_, validation_source_;
  const EpisodeSource* episodes_ = nullptr;  // the source, where it walks episodes
  BatchPlans step_plans_, validation_plans_;
  std::unique_ptr<Plan> apply_;     // with `accumulate`: what a group of batches ends with
  std::unique_ptr<Plan> catch_up_;  // null where the model never lags
  std::unique_ptr<Checkpoint> checkpoint_;

  TrainingState state_;
  std::uint64_t seed_ = 0;
  std::int64_t epochs_ = 1, total_ = 0;  // total_: steps of all epochs; no limit where they can't be counted
  bool counted_ = true;                  // total_ is known
  Clock::time_point epoch_start_, reported_, saved_;
  Clock::time_point step_start_;                      // for the log
  std::vector<double> sums_before_;                   // of the step at hand, for the log
  std::int64_t runs_before_ = 0, tokens_before_ = 0;  // of this epoch, done by an earlier process
  ValueOf value_of_ = [this](VariableId v) -> Tensor& { return machine_.value(v); };
  LastGood last_good_;
  bool paced_ = false;  // last_good_ knows what a step touches
  Snapshot best_;       // with patience: the model of the best validation
};

}  // namespace weft
