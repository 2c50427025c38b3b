#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "nlp/embedding/dictionary.h"
#include "nlp/embedding/matrix.h"
#include "nlp/embedding/quantized.h"
#include "nlp/embedding/settings.h"

namespace weft::nlp {

/// Word vectors or a text classifier: what training gives, what files hold, and what is asked of them.
///
/// input:  a row for each word, then one for each bucket of n-grams
/// output: a row for each word that can be predicted; of a classifier, for each label; of hierarchical
///         softmax, for each inner node. May be empty where a file holds the vectors alone.
struct EmbeddingModel {
  EmbeddingSettings settings;
  Dictionary dictionary;
  Matrix input;
  Matrix output;
  /// In place of input (and perhaps output) where they are quantized; else null.
  std::unique_ptr<QuantizedMatrix> quantized_input, quantized_output;
  /// Where rows of n-grams were pruned: the bucket's row among those kept, or -1; empty: all are kept.
  std::vector<std::int32_t> kept_buckets;

  std::int32_t dimension() const { return settings.dimension; }

  /// The rows of `input` that make up a word's vector: its own, if it has one, and its n-grams'.
  void append_rows(std::string_view word, std::vector<std::int64_t>& rows) const;
  /// The mean of those rows, the word's vector. False, and zeros, where there are none: a word out of the
  /// vocabulary of a model without n-grams. `out` has dimension() elements.
  bool vector(std::string_view word, std::span<float> out) const;
};

}  // namespace weft::nlp
