#include "nlp/embedding/train/spread_buckets.h"

#include <algorithm>

namespace weft::nlp {

void spread_buckets(EmbeddingModel& model) {
  if (model.kept_buckets.empty()) return;
  const std::int64_t words = model.dictionary.words();
  Matrix all(words + model.settings.buckets, model.dimension());
  for (std::int64_t w = 0; w < words; ++w) std::copy_n(model.input.row(w), all.stride(), all.row(w));
  for (std::size_t b = 0; b < model.kept_buckets.size(); ++b) {
    const std::int32_t kept = model.kept_buckets[b];
    if (kept < 0) continue;
    std::copy_n(model.input.row(words + kept), all.stride(), all.row(words + static_cast<std::int64_t>(b)));
  }
  model.input = std::move(all);
  model.kept_buckets.clear();
}

}  // namespace weft::nlp
