#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/parallel.h"
#include "repl/commands/command.h"
#include "repl/console.h"

namespace weft::repl {

struct ScoredLabel {
  std::int32_t label = 0;
  float probability = 0;
};

/// A model that gives labels to lines of text, whatever kind of file it came from.
class LineClassifier {
 public:
  virtual ~LineClassifier() = default;
  virtual const std::vector<std::string>& labels() const = 0;
  /// For each line the `top` likeliest labels with at least `threshold`, likeliest first.
  virtual std::vector<std::vector<ScoredLabel>> classify(const std::vector<std::string_view>& lines,
                                                         std::size_t top, float threshold) = 0;
  /// The probabilities of all labels, line after line; of a line that the model can say nothing of, zeros.
  virtual void probabilities(const std::vector<std::string_view>& lines, std::span<float> out) = 0;
  /// Digits after the point that its probabilities are worth.
  virtual int digits() const = 0;
};

/// A model file of `save`, or a classifier as fastText writes it (.bin, .ftz). Throws ModelFileError.
std::unique_ptr<LineClassifier> open_classifier(const std::string& path, const CommonOptions& common,
                                                Console& console);

}  // namespace weft::repl
