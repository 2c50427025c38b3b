#pragma once

#include <cstdint>
#include <functional>

#include "kernels/parallel.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// How a model is made small. Defaults are fastText's.
struct QuantizeOptions {
  std::int32_t block = 2;   // elements that share a byte
  bool norms = false;       // rows' norms apart, in a byte of their own
  bool output = false;      // the output matrix too
  std::int64_t cutoff = 0;  // keep so many rows of the input, those of the largest norms; 0: all
  std::uint64_t seed = 1;
  /// Called between cutting and quantizing, to train on what is left; null: isn't.
  std::function<void(EmbeddingModel&)> retrain = {};
};

/// Replaces the matrices by their product quantization: each block of a row by the nearest of 256 centroids,
/// found by k-means in 25 rounds over at most 65,536 rows. Of a classifier and of word vectors alike. Source:
/// Joulin et al. 2016, "FastText.zip: compressing text classification models"; Jegou et al. 2011. Throws
/// runtime_error for fewer than 256 rows and for a model that is quantized already.
void quantize(EmbeddingModel& model, const QuantizeOptions& options, const Workers& workers);

/// One matrix.
QuantizedMatrix quantize_matrix(const Matrix& matrix, const QuantizeOptions& options, const Workers& workers);

/// Keeps the `rows` input rows of the largest norms, the line end's first: words that lose theirs leave the
/// dictionary, n-grams that do count no more.
void cut_rows(EmbeddingModel& model, std::int64_t rows);

/// The cutoff at which a quantized model takes about `bytes`, as fastText reckons it; below 256 it can't be
/// done.
std::int64_t cutoff_for(const EmbeddingModel& model, const QuantizeOptions& options, std::int64_t bytes);

}  // namespace weft::nlp
