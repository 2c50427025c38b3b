#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace weft {

/// Where a training is, beside its tensors: all that decides how it goes on, so that one that is taken up
/// again equals one that was never stopped.
struct TrainingState {
  std::int64_t epoch = 0;       // being passed through, from 0
  std::int64_t step = 0;        // updates done
  std::uint64_t first_key = 0;  // what the random counter was before the first run of the step
  std::uint64_t runs = 0;       // of the step's graph: one a batch
  std::vector<double> cursor;   // of the batch source in this epoch; empty: the epoch has not begun
  std::vector<double> sums;     // of losses and what the step shows, over the runs of this epoch
  std::int64_t epoch_runs = 0, epoch_tokens = 0;
  std::vector<double> metrics;  // of the latest validation
  double best =
      std::numeric_limits<double>::infinity();  // with patience: the validation's, smaller is better
  std::int64_t best_epoch = 0, best_step = -1;
  std::vector<double> best_metrics;
  std::vector<double> episodes;      // `return` and `length`, when it is finished
  std::vector<std::string> history;  // JSON, one object an epoch
  bool finished = false;
};

}  // namespace weft
