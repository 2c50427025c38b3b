#include "nlp/embedding/train/word_counter.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace weft::nlp {

struct WordCounter::Part {
  std::mutex mutex;
  std::vector<Entry> entries;
  std::vector<std::uint64_t> hashes;  // by entry
  std::vector<std::uint32_t> slots;   // open addressing: entry + 1; 0: free
  std::vector<std::unique_ptr<char[]>> texts;
  std::size_t left = 0;  // of the last piece of texts

  const char* keep(std::string_view word) {
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    if (word.size() > left) {
      left = std::max(kPiece, word.size());
      texts.push_back(std::make_unique<char[]>(left));
      free = texts.back().get();
    }
    char* const to = free;
    std::memcpy(to, word.data(), word.size());
    free += word.size();
    left -= word.size();
    return to;
  }

  void grow() {
    slots.assign(std::max<std::size_t>(64, slots.size() * 2), 0);
    for (std::size_t e = 0; e < entries.size(); ++e) {
      std::size_t s = hashes[e] & (slots.size() - 1);
      while (slots[s] != 0) s = (s + 1) & (slots.size() - 1);
      slots[s] = static_cast<std::uint32_t>(e) + 1;
    }
  }

  char* free = nullptr;
};

WordCounter::WordCounter() {
  for (std::uint32_t p = 0; p < kParts; ++p) parts_.push_back(std::make_unique<Part>());
  std::string_view kept;
  line_end_ = id_of(kLineEnd, WordCounts::hash_of(kLineEnd), kept);
}
WordCounter::~WordCounter() = default;

std::int64_t WordCounter::size() const {
  std::int64_t n = 0;
  for (const auto& part : parts_) n += static_cast<std::int64_t>(part->entries.size());
  return n;
}

std::uint32_t WordCounter::id_of(std::string_view word, std::uint64_t hash, std::string_view& kept) {
  const auto p = static_cast<std::uint32_t>(hash >> 58);
  Part& part = *parts_[p];
  const std::lock_guard lock(part.mutex);
  if ((part.entries.size() + 1) * 2 > part.slots.size()) part.grow();
  std::size_t s = hash & (part.slots.size() - 1);
  std::uint32_t e = 0;
  for (; (e = part.slots[s]) != 0; s = (s + 1) & (part.slots.size() - 1))
    if (part.hashes[e - 1] == hash && part.entries[e - 1].view() == word) break;
  if (e == 0) {
    if (part.entries.size() >= (std::size_t{1} << 25) || word.size() > 0xFFFFFFFFU)
      throw std::length_error("[word counter] expected fewer than 2^31 different words");
    part.entries.push_back({part.keep(word), static_cast<std::uint32_t>(word.size()), 0});
    part.hashes.push_back(hash);
    part.slots[s] = e = static_cast<std::uint32_t>(part.entries.size());
  }
  kept = part.entries[e - 1].view();
  return (e - 1) * kParts + p;
}

void WordCounter::add(std::uint32_t id, std::int64_t count) {
  Part& part = *parts_[id % kParts];
  const std::lock_guard lock(part.mutex);
  part.entries[id / kParts].count += count;
}

std::vector<std::pair<WordCounter::Entry, std::uint32_t>> WordCounter::entries() const {
  std::vector<std::pair<Entry, std::uint32_t>> all;
  all.reserve(static_cast<std::size_t>(size()));
  for (std::uint32_t p = 0; p < kParts; ++p)
    for (std::uint32_t e = 0; e < parts_[p]->entries.size(); ++e)
      all.emplace_back(parts_[p]->entries[e], e * kParts + p);
  return all;
}

Dictionary WordCounter::finish(std::int64_t min_count, std::vector<std::int32_t>& map) {
  return finish(Dictionary(), min_count, map);
}

Dictionary WordCounter::finish(const Dictionary& known, std::int64_t min_count,
                               std::vector<std::int32_t>& map) {
  std::size_t most = 0;
  for (const auto& part : parts_) most = std::max(most, part->entries.size());
  map.assign(most * kParts, -1);
  auto all = entries();
  std::int64_t tokens = 0, bytes = 0;
  for (const auto& [entry, id] : all) tokens += entry.count;
  std::vector<std::int64_t> gained(static_cast<std::size_t>(known.words()), 0);
  const auto news = std::partition(all.begin(), all.end(), [&](const auto& e) {
    const std::int32_t i = known.words() > 0 ? known.find(e.first.view()) : -1;
    if (i < 0 || i >= known.words()) return false;
    gained[static_cast<std::size_t>(i)] = e.first.count;
    map[e.second] = i;
    return true;
  });
  all.erase(all.begin(), news);
  all.erase(
      std::remove_if(all.begin(), all.end(),
                     [&](const auto& e) { return e.first.count < std::max<std::int64_t>(1, min_count); }),
      all.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    if (a.first.count != b.first.count) return a.first.count > b.first.count;
    return a.first.view() < b.first.view();
  });
  for (const auto& [entry, id] : all) bytes += entry.length;
  Dictionary dictionary;
  dictionary.reserve(known.words() + static_cast<std::int64_t>(all.size()), bytes);
  for (std::int32_t i = 0; i < known.words(); ++i)
    dictionary.add(known.text(i), known.count(i) + gained[static_cast<std::size_t>(i)]);
  for (const auto& [entry, id] : all) map[id] = dictionary.add(entry.view(), entry.count);
  dictionary.tokens = known.tokens + tokens;
  for (auto& part : parts_) part = std::make_unique<Part>();
  return dictionary;
}

WordCounts::WordCounts(WordCounter& counter) : counter_(counter), slots_(std::size_t{1} << kBits) {}

WordCounts::~WordCounts() {
  for (const Slot& slot : slots_)
    if (slot.count > 0) counter_.add(slot.id, slot.count);
}

std::uint32_t WordCounts::count_other(Slot& slot, std::string_view word, std::uint64_t hash) {
  std::string_view kept;
  const std::uint32_t id = counter_.id_of(word, hash, kept);
  if (slot.count > 0) counter_.add(slot.id, slot.count);
  slot = {hash, kept, 1, id};
  return id;
}

}  // namespace weft::nlp
