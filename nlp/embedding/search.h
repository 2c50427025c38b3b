#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/parallel.h"
#include "nlp/embedding/matrix.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

struct Neighbour {
  std::int32_t word = 0;
  float score = 0;  // the cosine
};

/// Exact search for the nearest words by cosine: blocks of words times all queries as one product, of which
/// only the best of each query are kept. Results are the same for any number of threads: the highest scores,
/// among equal ones the words that come first.
class VectorSearch {
 public:
  /// Keeps the words' vectors, scaled to the length 1 (those of zeros stay so), or only the first `words` of
  /// them. `model` and `workers` must outlive this.
  VectorSearch(const EmbeddingModel& model, const Workers& workers, std::int32_t words = -1);

  std::int32_t words() const { return static_cast<std::int32_t>(units_.rows()); }
  std::span<const float> unit(std::int32_t word) const { return units_[word]; }

  /// For each row of `queries`, which may have any length, its `top` nearest words, the nearest first,
  /// without those that `excluded` lists for it (empty: none are). A query of zeros has the score 0 with
  /// every word. Cost: queries x words x dimension.
  std::vector<std::vector<Neighbour>> nearest(
      const Matrix& queries, std::int32_t top,
      const std::vector<std::vector<std::int32_t>>& excluded = {}) const;

 private:
  const Workers& workers_;
  Matrix units_;
};

/// Scales a vector to the length 1; one of zeros stays as it is.
void scale_to_unit(std::span<float> v);

}  // namespace weft::nlp
