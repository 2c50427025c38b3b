#include "nlp/embedding/model.h"

#include <algorithm>

#include "nlp/embedding/subwords.h"

namespace weft::nlp {

void EmbeddingModel::append_rows(std::string_view word, std::vector<std::int64_t>& rows) const {
  const std::int32_t i = dictionary.find(word);
  if (i >= dictionary.words()) return;
  if (i >= 0) rows.push_back(i);
  const std::size_t begin = rows.size();
  append_subwords(word, settings, dictionary.words(), rows);
  if (kept_buckets.empty()) return;
  std::size_t kept = begin;
  for (std::size_t r = begin; r < rows.size(); ++r) {
    const std::int32_t to = kept_buckets[static_cast<std::size_t>(rows[r] - dictionary.words())];
    if (to >= 0) rows[kept++] = dictionary.words() + to;
  }
  rows.resize(kept);
}

bool EmbeddingModel::vector(std::string_view word, std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0F);
  std::vector<std::int64_t> rows;
  append_rows(word, rows);
  if (rows.empty()) return false;
  const float share = 1.0F / static_cast<float>(rows.size());
  for (const std::int64_t r : rows) {
    if (quantized_input) {
      quantized_input->add_row(r, share, out);
      continue;
    }
    const float* row = input.row(r);
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += share * row[d];
  }
  return true;
}

}  // namespace weft::nlp
