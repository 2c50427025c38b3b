#include "nlp/text/vocabulary.h"

#include <algorithm>
#include <stdexcept>

namespace weft::nlp {

void TokenCounter::add(std::string_view token, std::int64_t count) {
  auto found = counts_.find(token);
  if (found == counts_.end()) found = counts_.emplace(std::string(token), 0).first;
  found->second += count;
  total_ += count;
}

std::vector<std::pair<std::string, std::int64_t>> TokenCounter::sorted() const {
  std::vector<std::pair<std::string, std::int64_t>> tokens(counts_.begin(), counts_.end());
  std::sort(tokens.begin(), tokens.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return tokens;
}

Vocabulary::Vocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
  index_.reserve(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!index_.emplace(tokens_[i], static_cast<std::int32_t>(i)).second) {
      throw std::invalid_argument("[vocabulary] expected tokens that differ, got \"" + tokens_[i] +
                                  "\" twice");
    }
  }
  const auto unknown = index_.find(kUnknown);
  if (unknown != index_.end()) unknown_ = unknown->second;
}

namespace {

std::vector<std::string> frequent(const TokenCounter& counter, const std::vector<std::string>& specials,
                                  std::int64_t min_count) {
  std::vector<std::string> tokens = specials;
  for (auto& [token, count] : counter.sorted()) {
    if (count < min_count || count < 1) break;
    if (std::find(specials.begin(), specials.end(), token) == specials.end())
      tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

Vocabulary::Vocabulary(const TokenCounter& counter, const std::vector<std::string>& specials,
                       std::int64_t min_count)
    : Vocabulary(frequent(counter, specials, min_count)) {}

std::int32_t Vocabulary::id(std::string_view token) const {
  const auto found = index_.find(token);
  return found == index_.end() ? unknown_ : found->second;
}

}  // namespace weft::nlp
