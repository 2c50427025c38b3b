#include "nlp/embedding/train/start_model.h"

#include <algorithm>

#include "nlp/embedding/train/random_stream.h"

namespace weft::nlp {

namespace {

enum : std::uint64_t { kWordRows = 0x776F7264, kBucketRows = 0x6275636B };

void fill(std::span<float> row, float most, RandomStream random) {
  for (float& x : row) x = most * random.symmetric();
}

}  // namespace

void start_model(EmbeddingModel& model, const WordRows& rows, std::uint64_t seed,
                 const EmbeddingModel* before) {
  const EmbeddingSettings& settings = model.settings;
  const std::int64_t words = model.dictionary.words();
  const float most = 1.0F / static_cast<float>(settings.dimension);
  model.kept_buckets = rows.kept_buckets();
  model.input = Matrix(rows.rows(), settings.dimension);
  model.output = Matrix(words, settings.dimension);
  const std::int64_t known = before != nullptr ? before->dictionary.words() : 0;
  for (std::int64_t w = 0; w < words; ++w) {
    if (w < known)
      std::copy_n(before->input.row(w), settings.dimension, model.input.row(w));
    else
      fill(model.input[w], most, RandomStream(seed, kWordRows, static_cast<std::uint64_t>(w)));
  }
  for (std::size_t bucket = 0; bucket < model.kept_buckets.size(); ++bucket) {
    if (model.kept_buckets[bucket] < 0) continue;
    const std::int64_t to = words + model.kept_buckets[bucket];
    std::int64_t from = -1;
    if (before != nullptr) {
      from = before->kept_buckets.empty() ? static_cast<std::int64_t>(bucket) : before->kept_buckets[bucket];
    }
    if (from >= 0)
      std::copy_n(before->input.row(known + from), settings.dimension, model.input.row(to));
    else
      fill(model.input[to], most, RandomStream(seed, kBucketRows, bucket));
  }
  if (before == nullptr || settings.loss == EmbeddingLoss::hierarchical_softmax) return;
  for (std::int64_t w = 0; w < std::min(known, before->output.rows()); ++w)
    std::copy_n(before->output.row(w), settings.dimension, model.output.row(w));
}

}  // namespace weft::nlp
