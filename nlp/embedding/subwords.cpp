#include "nlp/embedding/subwords.h"

#include <string>

#include "nlp/embedding/dictionary.h"

namespace weft::nlp {

void append_subwords(std::string_view word, const EmbeddingSettings& settings, std::int64_t words,
                     std::vector<std::int64_t>& rows) {
  if (!settings.has_subwords() || word == kLineEnd) return;
  const std::string marked = "<" + std::string(word) + ">";
  const auto continues = [&](std::size_t i) {
    return i < marked.size() && (static_cast<unsigned char>(marked[i]) & 0xC0) == 0x80;
  };
  const auto buckets = static_cast<std::uint32_t>(settings.buckets);
  for (std::size_t begin = 0; begin < marked.size(); ++begin) {
    if (continues(begin)) continue;
    std::size_t end = begin;
    for (std::int32_t n = 1; n <= settings.max_n && end < marked.size(); ++n) {
      ++end;
      while (continues(end)) ++end;
      if (n < settings.min_n) continue;
      if (n == 1 && (begin == 0 || end == marked.size())) continue;
      rows.push_back(words + fasttext_hash(std::string_view(marked).substr(begin, end - begin)) % buckets);
    }
  }
}

}  // namespace weft::nlp
