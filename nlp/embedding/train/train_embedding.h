#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "kernels/parallel.h"
#include "nlp/embedding/model.h"
#include "nlp/embedding/text_blocks.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// How far a training of word vectors is.
struct EmbeddingProgress {
  std::int64_t epoch = 0, epochs = 0;     // from 1
  std::int64_t words = 0, all_words = 0;  // of all epochs, those that sub-sampling leaves out too
  double words_per_second = 0;
  double rate = 0;
  double loss = 0;  // of a prediction, mean of late; 0: none yet
  double seconds_left = 0;
  bool epoch_done = false;
};

/// The vectors came to hold what is no number; the message tells why and what helps.
class EmbeddingDiverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The corpus has nothing to train on; the message tells why.
class EmbeddingCorpusFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct EmbeddingTraining {
  std::uint64_t seed = 1;
  /// False: threads change the same rows without locks (Niu et al. 2011, "Hogwild!"), so that with more than
  /// one thread each run's vectors differ a little. True: pieces of the corpus are trained side by side on
  /// copies of the rows they need, whose changes are added up in the text's order: the same bits whatever the
  /// number of threads.
  bool deterministic = false;
  /// What cuts lines into words; null: ASCII white space.
  const TokenizerSettings* tokens = nullptr;
  /// Vectors to go on from: the vocabulary keeps its words and gains the corpus' new ones. Its settings say
  /// how words become vectors. Null: afresh.
  EmbeddingModel* start = nullptr;
  /// Where the state is kept, to go on from after a kill; empty: nowhere.
  std::filesystem::path checkpoint;
  double checkpoint_seconds = 300;

  std::function<void(const EmbeddingProgress&)> progress;  // by any thread, by one at a time
  std::function<void(const std::string&)> note;
  std::function<bool()> stop;  // asked often, by any thread
};

struct EmbeddingResult {
  EmbeddingModel model;
  bool finished = true;  // false: it was stopped; the vectors are those of then
  std::int64_t words = 0, distinct = 0;
  double reading_seconds = 0, training_seconds = 0;
};

/// Word vectors from a text: reads it once (read_corpus), then `settings.epochs` passes over its tokens (see
/// LineTrainer for what is learnt), the rate falling linearly to 0 over all of them.
/// Errors: EmbeddingCorpusFault, EmbeddingDiverged, invalid_argument for settings that can't be; what the
///         text and the checkpoint throw.
EmbeddingResult train_embedding(TextBlocks& text, const EmbeddingSettings& settings, const Workers& workers,
                                const EmbeddingTraining& training);

}  // namespace weft::nlp
