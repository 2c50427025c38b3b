#pragma once

#include <cstdint>
#include <vector>

#include "nlp/embedding/model.h"
#include "nlp/embedding/train/huffman.h"
#include "nlp/embedding/train/noise.h"
#include "nlp/embedding/train/word_rows.h"

namespace weft::nlp {

/// What all threads of a training share and none changes, but for the matrices.
struct TrainingData {
  EmbeddingModel* model = nullptr;
  WordRows rows;
  Noise noise;                      // of negative sampling
  HuffmanTree tree;                 // of hierarchical softmax
  std::vector<std::uint32_t> keep;  // by word: of 2^32, how often sub-sampling keeps it

  const EmbeddingSettings& settings() const { return model->settings; }
};

/// Sub-sampling keeps a word of frequency f with probability min(1, sqrt(t / f) + t / f), as word2vec's and
/// fastText's programs have it (Mikolov et al. 2013, section 2.3, has 1 - sqrt(t / f) for leaving it out).
std::vector<std::uint32_t> keep_thresholds(const Dictionary& dictionary, double sample);

}  // namespace weft::nlp
