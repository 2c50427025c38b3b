#include "nlp/embedding/spelling.h"

#include <algorithm>

#include "nlp/text/edit_distance.h"
#include "nlp/text/fold_case.h"

namespace weft::nlp {

std::vector<std::string> near_spellings(const Dictionary& dictionary, std::string_view word,
                                        std::size_t most) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return {};
  const std::string wanted = fold_case(word);
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::int32_t>> found;
  for (std::int32_t i = 0; i < dictionary.words(); ++i) {
    const std::string_view text = dictionary.text(i);
    if (text.size() > word.size() + limit || text.size() + limit < word.size() || text == kLineEnd) continue;
    const std::size_t distance = edit_distance(fold_case(text), wanted);
    if (distance <= limit && distance < text.size()) found.emplace_back(distance, i);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(most, found.size()); ++i)
    out.emplace_back(dictionary.text(found[i].second));
  return out;
}

}  // namespace weft::nlp
