#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace weft::nlp {

/// What an embedding is trained on. Numbers as fastText's files have them.
enum class EmbeddingTask : std::int32_t { cbow = 1, skipgram = 2, supervised = 3 };
enum class EmbeddingLoss : std::int32_t {
  hierarchical_softmax = 1,
  negative_sampling = 2,
  softmax = 3,
  one_vs_all = 4
};

/// How words become vectors. Terms and defaults are word2vec's and fastText's. Sources: Mikolov et al. 2013,
/// "Efficient estimation ..." and "Distributed representations ..."; Bojanowski et al. 2017, "Enriching word
/// vectors with subword information"; Joulin et al. 2017, "Bag of tricks for efficient text classification".
struct EmbeddingSettings {
  EmbeddingTask task = EmbeddingTask::skipgram;
  EmbeddingLoss loss = EmbeddingLoss::negative_sampling;
  std::int32_t dimension = 100;
  std::int32_t window = 5;     // the largest distance of a context word; drawn anew for each word
  std::int32_t epochs = 5;     // passes over the corpus
  std::int32_t negatives = 5;  // drawn for each word that is predicted
  std::int64_t min_count = 5;  // words seen less often are left out
  std::int64_t min_label_count = 0;
  std::int32_t word_ngrams = 1;       // supervised: longest run of words that has a vector of its own
  std::int32_t buckets = 0;           // vectors that n-grams share by their hash; 0 where there are none
  std::int32_t min_n = 0, max_n = 0;  // characters of the n-grams of a word; 0: none
  double rate = 0.05;                 // at the start; falls linearly to 0
  double sample = 1e-4;               // threshold above which frequent words are left out; 0: none are
  double noise_power = 0.75;          // negatives are drawn by count^noise_power: word2vec 0.75, fastText 0.5
  std::string label_prefix = "__label__";
  std::int32_t rate_update = 100;  // kept for fastText's files

  bool has_subwords() const { return buckets > 0 && max_n > 0; }
  bool operator==(const EmbeddingSettings&) const = default;
};

}  // namespace weft::nlp
