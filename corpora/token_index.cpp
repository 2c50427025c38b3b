#include "corpora/token_index.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>

namespace weft::corpora {

std::string_view TextArena::keep(std::string_view text) {
  if (text.size() > left_) {
    const std::size_t bytes = std::max(kPieceBytes, text.size());
    pieces_.emplace_back(new char[bytes]);
    next_ = pieces_.back().get();
    left_ = bytes;
  }
  if (!text.empty()) std::memcpy(next_, text.data(), text.size());
  const std::string_view kept(next_, text.size());
  next_ += text.size();
  left_ -= text.size();
  return kept;
}

void TextArena::clear() {
  pieces_.clear();
  left_ = 0;
}

namespace {

std::uint32_t hash_of(std::string_view token) {
  const std::size_t h = std::hash<std::string_view>{}(token);
  return static_cast<std::uint32_t>(h ^ (h >> 32));
}

}  // namespace

std::int32_t TokenIndex::number(std::string_view token) {
  if ((tokens_.size() + 1) * 2 > slots_.size()) grow();
  const std::uint32_t hash = hash_of(token);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.number >= 0) {
      if (slot.hash == hash && tokens_[static_cast<std::size_t>(slot.number)] == token) return slot.number;
      continue;
    }
    if (tokens_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      throw std::length_error("[corpora] more different tokens than int32 counts");
    }
    slot = {hash, static_cast<std::int32_t>(tokens_.size())};
    tokens_.push_back(arena_.keep(token));
    counts_.push_back(0);
    return slot.number;
  }
}

std::int32_t TokenIndex::find(std::string_view token) const {
  if (slots_.empty()) return -1;
  const std::uint32_t hash = hash_of(token);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask; slots_[i].number >= 0; i = (i + 1) & mask) {
    if (slots_[i].hash == hash && tokens_[static_cast<std::size_t>(slots_[i].number)] == token)
      return slots_[i].number;
  }
  return -1;
}

void TokenIndex::grow() {
  std::vector<Slot> larger(std::max<std::size_t>(1024, slots_.size() * 2));
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.number < 0) continue;
    std::size_t i = slot.hash & mask;
    while (larger[i].number >= 0) i = (i + 1) & mask;
    larger[i] = slot;
  }
  slots_ = std::move(larger);
}

void TokenIndex::clear() {
  arena_.clear();
  tokens_.clear();
  counts_.clear();
  slots_.clear();
}

std::int64_t TokenIndex::different() const {
  return std::count_if(counts_.begin(), counts_.end(), [](std::int64_t count) { return count > 0; });
}

nlp::Vocabulary TokenIndex::vocabulary(const std::vector<std::string>& specials,
                                       std::int64_t min_count) const {
  nlp::TokenCounter counter;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (counts_[i] > 0) counter.add(tokens_[i], counts_[i]);
  }
  return nlp::Vocabulary(counter, specials, min_count);
}

std::vector<std::int32_t> TokenIndex::translation(const nlp::Vocabulary& vocabulary) const {
  std::vector<std::int32_t> indices(tokens_.size());
  std::transform(tokens_.begin(), tokens_.end(), indices.begin(),
                 [&](std::string_view token) { return vocabulary.id(token); });
  return indices;
}

std::int64_t TokenIndex::unknown(const nlp::Vocabulary& vocabulary) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!vocabulary.contains(tokens_[i])) sum += counts_[i];
  }
  return sum;
}

}  // namespace weft::corpora
