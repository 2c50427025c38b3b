#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/classifier.h"
#include "nlp/embedding/classifier/features.h"
#include "nlp/embedding/classifier/label_tree.h"
#include "nlp/embedding/classifier/step.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

struct LabelScore {
  std::int32_t label = 0;  // from 0
  float probability = 0;
};

/// A classifier's labels for texts, likeliest first; of equals the more frequent label. Probabilities are
/// fastText's for the same file, to 1e-5: it adds 1e-5 to each before it takes a logarithm, which all but
/// hierarchical softmax can't be told from 0 and for which it multiplies up; and its logistic function is a
/// table of steps of 1/32, which negative sampling and one-vs-all are given in. Labels are ranked by what is
/// exact. Safe to use by several threads, each with a scratch of its own.
class LabelPredictor {
 public:
  /// What a thread needs; made by scratch().
  struct Scratch {
    AlignedFloats hidden{0}, scores{0};
    std::vector<LabelScore> heap;
    TextFeatures features;
  };

  /// The model must outlive it. Throws invalid_argument for one that is no classifier.
  explicit LabelPredictor(const EmbeddingModel& model);

  Scratch scratch() const;
  std::int32_t labels() const { return labels_; }
  /// Without the prefix that the dictionary has them with.
  std::string_view name(std::int32_t label) const;

  /// The `top` likeliest labels with at least `threshold`; none where there are no rows. The result is valid
  /// until the next call.
  std::span<const LabelScore> predict(std::span<const std::int32_t> rows, std::int64_t top, float threshold,
                                      Scratch& scratch) const;
  /// Of a text; its labels, if any, are in scratch.features.
  std::span<const LabelScore> predict(std::string_view text, std::int64_t top, float threshold,
                                      Scratch& scratch) const;
  /// Exact probabilities of all labels, for ranking: labels() of them, valid until the next call. Empty where
  /// there are no rows.
  std::span<const float> probabilities(std::span<const std::int32_t> rows, Scratch& scratch) const;

 private:
  void hidden(std::span<const std::int32_t> rows, Scratch& scratch) const;
  void output_scores(Scratch& scratch) const;
  float inner(std::int32_t node, const Scratch& scratch) const;
  void descend(std::int32_t node, float log_probability, std::size_t top, float least,
               Scratch& scratch) const;
  void spread(std::int32_t node, float probability, const Scratch& scratch, float* to) const;

  const EmbeddingModel& model_;
  const ClassifierKernels& kernels_;
  std::optional<LabelTree> tree_;
  std::int32_t labels_;
};

}  // namespace weft::nlp
