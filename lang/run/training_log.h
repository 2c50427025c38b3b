#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft {

/// What trainings write for programs to read: a JSON object a line, one for each step and each validation.
///   {"run": "run", "step": 7, "loss": 4.25, "seconds": 0.012}
///   {"run": "run", "step": 90, "epoch": 1, "validation": {"perplexity": 61.2}, "batches": 12, "seconds":
///   0.4}
/// A number that is none is null. The seconds are all that a step took, with the reading of its batch.
class TrainingLog {
 public:
  using Named = std::vector<std::pair<std::string, double>>;

  /// Begins the file anew. Throws system_error where it can't be written.
  explicit TrainingLog(const std::string& path);

  /// `losses`: the mean of each over the step's batches.
  void step(std::string_view run, std::int64_t step, const Named& losses, double seconds);
  void validation(std::string_view run, std::int64_t step, std::int64_t epoch, const Named& metrics,
                  std::int64_t batches, double seconds);
  /// What was written reaches the file, so that others can follow it.
  void flush() { out_.flush(); }
  /// Throws system_error where something didn't reach the file: no training is stopped for that.
  void close();

 private:
  std::string path_;
  std::ofstream out_;
};

}  // namespace weft
