#include "corpora/token_index.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace weft::corpora {

std::int32_t TokenIndex::add(std::string_view token, bool counts) {
  auto found = numbers_.find(token);
  if (found == numbers_.end()) {
    if (tokens_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      throw std::length_error("[corpora] more different tokens than int32 counts");
    }
    found = numbers_.emplace(std::string(token), static_cast<std::int32_t>(tokens_.size())).first;
    tokens_.push_back(&found->first);
    counts_.push_back(0);
  }
  if (counts) {
    ++counts_[static_cast<std::size_t>(found->second)];
    ++counted_;
  }
  return found->second;
}

std::int64_t TokenIndex::different() const {
  return std::count_if(counts_.begin(), counts_.end(), [](std::int64_t count) { return count > 0; });
}

nlp::Vocabulary TokenIndex::vocabulary(const std::vector<std::string>& specials,
                                       std::int64_t min_count) const {
  nlp::TokenCounter counter;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (counts_[i] > 0) counter.add(*tokens_[i], counts_[i]);
  }
  return nlp::Vocabulary(counter, specials, min_count);
}

std::vector<std::int32_t> TokenIndex::translation(const nlp::Vocabulary& vocabulary) const {
  std::vector<std::int32_t> indices(tokens_.size());
  std::transform(tokens_.begin(), tokens_.end(), indices.begin(),
                 [&](const std::string* token) { return vocabulary.id(*token); });
  return indices;
}

std::int64_t TokenIndex::unknown(const nlp::Vocabulary& vocabulary) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!vocabulary.contains(*tokens_[i])) sum += counts_[i];
  }
  return sum;
}

}  // namespace weft::corpora
