#include "nlp/embedding/train/word_rows.h"

#include "nlp/embedding/subwords.h"

namespace weft::nlp {

WordRows::WordRows(const Dictionary& dictionary, const EmbeddingSettings& settings) {
  const std::int32_t words = dictionary.words();
  rows_ = words;
  if (!settings.has_subwords()) return;
  kept_.assign(static_cast<std::size_t>(settings.buckets), -1);
  std::int32_t used = 0;
  begins_.reserve(static_cast<std::size_t>(words) + 1);
  std::vector<std::int64_t> rows;
  for (std::int32_t w = 0; w < words; ++w) {
    rows.clear();
    append_subwords(dictionary.text(w), settings, 0, rows);
    list_.push_back(w);
    for (const std::int64_t bucket : rows) {
      std::int32_t& row = kept_[static_cast<std::size_t>(bucket)];
      if (row < 0) row = used++;
      list_.push_back(words + row);
    }
    begins_.push_back(list_.size());
  }
  rows_ += used;
}

}  // namespace weft::nlp
