#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/classifier.h"
#include "nlp/embedding/classifier/label_tree.h"
#include "nlp/embedding/model.h"
#include "nlp/embedding/train/noise.h"

namespace weft::nlp {

/// Where a step's random numbers come from: the seed and the number of the step.
struct StepRandom {
  std::uint64_t seed = 0, step = 0;
};

/// Floats on a cache line, filled up to whole ones with zeros.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::int64_t n = 0) : row_(1, static_cast<std::int32_t>(n)) {}
  float* data() { return row_.row(0); }
  const float* data() const { return row_.row(0); }

 private:
  Matrix row_;
};

/// What one thread needs beside the model.
struct StepScratch {
  StepScratch() = default;
  StepScratch(const EmbeddingModel& model, std::int64_t outputs);
  struct Text {
    AlignedFloats hidden{0}, gradient{0}, scores{0};
  };
  Text text[ClassifierKernels::kMostSteps];
  std::vector<std::int32_t> rows;
  std::vector<float> targets;
};

/// What a step learns from.
struct StepExample {
  std::span<const std::int32_t> rows;     // of the input matrix; not empty
  std::span<const std::uint32_t> labels;  // not empty
  StepRandom random;
};

/// One step of stochastic gradient descent on a classifier. With h the mean of the m input rows of a text,
/// and o_i the output rows, it lowers, as settings.loss says,
///
///   softmax               -log (exp <o_y, h> / sum_i exp <o_i, h>), y the text's label, one of them at
///   random hierarchical_softmax  -sum over the inner nodes on the way to y: log s(<o_n, h>) where it goes
///   right, else
///                         log (1 - s(<o_n, h>)), s the logistic function
///   negative_sampling     -log s(<o_y, h>) - sum over `negatives` labels drawn by count^noise_power, not y:
///                         log (1 - s(<o_i, h>))
///   one_vs_all            -sum over all labels: log s where it is one of the text's, else log (1 - s)
///
/// by `rate` times the gradient: each output row by its own, each input row by 1/m of that of h. Source:
/// Joulin et al. 2017; the binary losses: Mikolov et al. 2013. fastText looks the logistic function up in a
/// table, this computes it.
class ClassifierStep {
 public:
  /// The model must outlive it. Throws invalid_argument for one that is no classifier.
  explicit ClassifierStep(EmbeddingModel& model);

  /// Rows of the output matrix: labels, or inner nodes.
  std::int64_t outputs() const { return outputs_; }

  /// How many examples are best taken at a time: several where a step passes over many labels. Then their
  /// gradients are those of the same matrices, and each row is read and written once, which matters most
  /// where other threads have it in their caches.
  std::size_t together() const { return passes_over_all() && outputs_ >= kManyOutputs ? kMost : 1; }

  /// The loss of up to together() examples before the step. `scratch` is the thread's own.
  double operator()(std::span<const StepExample> examples, float rate, StepScratch& scratch);

 private:
  static constexpr std::size_t kMost = ClassifierKernels::kMostSteps;
  static constexpr std::int64_t kManyOutputs = 32;

  bool passes_over_all() const {
    return model_.settings.loss == EmbeddingLoss::softmax ||
           model_.settings.loss == EmbeddingLoss::one_vs_all;
  }
  std::uint32_t label_of(const StepExample& example) const;
  void begin(const StepExample& example, StepScratch::Text& text) const;
  void end(const StepExample& example, StepScratch::Text& text);
  double over_all(const StepExample& example, float rate, StepScratch::Text& text,
                  std::vector<float>& targets) const;
  double over_some(const StepExample& example, float rate, StepScratch& scratch);

  EmbeddingModel& model_;
  const ClassifierKernels& kernels_;
  std::optional<LabelTree> tree_;
  std::optional<Noise> noise_;
  std::int64_t outputs_;
};

/// How often each label was seen.
std::vector<std::int64_t> label_counts(const Dictionary& dictionary);

}  // namespace weft::nlp
