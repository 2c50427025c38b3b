#pragma once

#include <cstdint>

#include "nlp/embedding/model.h"
#include "nlp/embedding/train/word_rows.h"

namespace weft::nlp {

/// The matrices that a training begins with. input: uniform in +-1 / dimension, as in fastText (word2vec has
/// half of that); a row's numbers depend on the seed and on which word or bucket it is of. output: zeros.
///
/// before: a model to go on from, whose words are the first of this one's, or null: its rows are taken over.
/// What predicts is taken over too, but for a Huffman tree, which new counts change.
void start_model(EmbeddingModel& model, const WordRows& rows, std::uint64_t seed,
                 const EmbeddingModel* before);

}  // namespace weft::nlp
