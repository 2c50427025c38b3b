#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "kernels/parallel.h"
#include "nlp/embedding/classifier/examples.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// A training whose loss is no number any more; the message says where and why. The model is of no use.
class TrainingDiverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How far a training is.
struct ClassifierProgress {
  std::int64_t epoch = 0, epochs = 0;  // from 1
  double done = 0;                     // of all, 0 .. 1
  double loss = 0;                     // mean of the epoch so far
  double rate = 0;
  double words_per_second = 0;
  double seconds_left = 0;
};

/// Where a training is between two steps. With the model, the corpus and the options it is all that going on
/// needs: random numbers depend on the step they are for.
struct ClassifierState {
  std::int64_t epoch = 0;     // finished
  std::int64_t position = 0;  // examples of the epoch at hand
  double best_score = 0;      // of the validations, and after how many epochs
  std::int64_t best_epoch = -1;
};

struct ClassifierTraining {
  std::uint64_t seed = 1;
  /// One thread makes all steps, so that the result depends on corpus, options and seed alone. Otherwise all
  /// threads make steps at once without locks (Hogwild: Recht et al. 2011), and results vary a little unless
  /// there is one thread.
  bool deterministic = false;
  /// Called now and then by any thread, never by two at once; false stops the training between two steps.
  std::function<bool(const ClassifierProgress&)> progress = {};
  /// How good the model is, larger is better; asked after each epoch. Null: never.
  std::function<double(const EmbeddingModel&, std::int64_t epoch)> validate = {};
  /// Epochs without a better validation after which it ends; 0: goes on to the last. The best model is given
  /// back in any case, at the cost of a copy of both matrices.
  std::int32_t patience = 0;
  /// Called every now and then while no step is under way, also when it is stopped.
  std::function<void(const EmbeddingModel&, const EmbeddingModel* best, const ClassifierState&)> checkpoint =
      {};
};

enum class TrainingEnd : std::uint8_t { finished, early, stopped };

/// A new classifier for a corpus: its dictionary, input rows uniform in (-1/d, 1/d), output rows 0. Words
/// that `pretrained` has take its vectors. What `from` has is gone on from, a classifier whose dictionary was
/// the corpus' known one: its words, n-grams and labels keep their rows (but for the nodes of a hierarchical
/// softmax, whose tree is another). Throws invalid_argument for pretrained vectors of another dimension, a
/// `from` with other n-grams or other words, and for settings that make no sense; bad_alloc.
EmbeddingModel new_classifier(const Examples& examples, const EmbeddingSettings& settings, std::uint64_t seed,
                              const Workers& workers, const EmbeddingModel* pretrained = nullptr,
                              const EmbeddingModel* from = nullptr);

/// Bytes of the matrices of such a model.
double classifier_bytes(const Examples& examples, const EmbeddingSettings& settings);

/// settings.epochs passes over the examples, in an order of its own each (a permutation by the seed), the
/// rate falling linearly from settings.rate to 0 over all of them. `state` is where to begin, and then where
/// it ended. Source: Joulin et al. 2017, "Bag of tricks for efficient text classification". Throws
/// TrainingDiverged.
TrainingEnd train_classifier(EmbeddingModel& model, const Examples& examples,
                             const ClassifierTraining& options, const Workers& workers,
                             ClassifierState& state, EmbeddingModel* best = nullptr);

}  // namespace weft::nlp
