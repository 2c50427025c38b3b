#include "nlp/embedding/dictionary.h"

#include <limits>
#include <stdexcept>

namespace weft::nlp {

std::uint32_t fasttext_hash(std::string_view text) {
  std::uint32_t h = 2166136261U;
  for (const char c : text) h = (h ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(c))) * 16777619U;
  return h;
}

void Dictionary::reserve(std::int64_t entries, std::int64_t bytes) {
  bytes_.reserve(static_cast<std::size_t>(bytes));
  ends_.reserve(static_cast<std::size_t>(entries) + 1);
  counts_.reserve(static_cast<std::size_t>(entries));
  std::size_t slots = 16;
  while (slots < static_cast<std::size_t>(entries) * 2) slots *= 2;
  if (slots > slots_.size()) rehash(slots);
}

std::int32_t Dictionary::add(std::string_view text, std::int64_t count, Kind kind) {
  if (kind == Kind::word && words_ != size()) {
    throw std::invalid_argument("[dictionary] expected all words before the first label, got the word `" +
                                std::string(text) + "` after one");
  }
  if (counts_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) / 2)
    throw std::length_error("[dictionary] expected fewer than 2^30 entries");
  if ((counts_.size() + 1) * 2 > slots_.size()) rehash(slots_.empty() ? 16 : slots_.size() * 2);
  const std::size_t slot = slot_of(text);
  if (slots_[slot] != 0)
    throw std::invalid_argument("[dictionary] `" + std::string(text) + "` is listed twice");
  bytes_ += text;
  ends_.push_back(bytes_.size());
  counts_.push_back(count);
  slots_[slot] = size();
  if (kind == Kind::word) ++words_;
  return size() - 1;
}

std::int32_t Dictionary::find(std::string_view text) const {
  return slots_.empty() ? -1 : slots_[slot_of(text)] - 1;
}

std::size_t Dictionary::slot_of(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = fasttext_hash(text) & mask;
  while (slots_[slot] != 0 && this->text(slots_[slot] - 1) != text) slot = (slot + 1) & mask;
  return slot;
}

void Dictionary::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::int32_t i = 0; i < size(); ++i) slots_[slot_of(text(i))] = i + 1;
}

}  // namespace weft::nlp
