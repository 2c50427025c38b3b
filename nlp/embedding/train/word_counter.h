#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "nlp/embedding/dictionary.h"

namespace weft::nlp {

/// Counts the words of a text that several threads read. Words lie once, in 64 parts by their hash, each
/// behind a lock; a thread keeps the counts of the words it meets often to itself (see WordCounts), so that
/// locks are seldom taken.
///
/// A word's id is given as it is first met, so it depends on the threads; the dictionary doesn't.
class WordCounter {
 public:
  WordCounter();
  ~WordCounter();
  WordCounter(const WordCounter&) = delete;
  WordCounter& operator=(const WordCounter&) = delete;

  /// Distinct words, `</s>` among them.
  std::int64_t size() const;
  /// What `</s>` has.
  std::uint32_t line_end() const { return line_end_; }

  /// The words seen at least min_count times, most frequent first, ties in byte order; with the number of all
  /// tokens. map: by id, the word's index in the dictionary, or -1. The texts are dropped.
  Dictionary finish(std::int64_t min_count, std::vector<std::int32_t>& map);
  /// The same for a dictionary that there is: its words keep their places and gain what was counted; words
  /// seen at least min_count times that it lacks come behind them.
  Dictionary finish(const Dictionary& known, std::int64_t min_count, std::vector<std::int32_t>& map);

 private:
  friend class WordCounts;
  static constexpr std::uint32_t kParts = 64;
  struct Entry {
    const char* text;
    std::uint32_t length;
    std::int64_t count;
    std::string_view view() const { return {text, length}; }
  };
  struct Part;
  /// The id of a word; `entry` is where its text lies for as long as the counter does.
  std::uint32_t id_of(std::string_view word, std::uint64_t hash, std::string_view& kept);
  void add(std::uint32_t id, std::int64_t count);
  std::vector<std::pair<Entry, std::uint32_t>> entries() const;

  std::vector<std::unique_ptr<Part>> parts_;
  std::uint32_t line_end_ = 0;
};

/// A thread's own counts, given to the counter when there are others in their place and at the end.
class WordCounts {
 public:
  explicit WordCounts(WordCounter& counter);
  ~WordCounts();
  WordCounts(const WordCounts&) = delete;
  WordCounts& operator=(const WordCounts&) = delete;

  static constexpr std::uint64_t kHashStart = 0xCBF29CE484222325U;
  static std::uint64_t hash_step(std::uint64_t hash, unsigned char byte) {
    return (hash ^ byte) * 0x100000001B3U;
  }
  static std::uint64_t hash_of(std::string_view word) {
    std::uint64_t h = kHashStart;
    for (const char c : word) h = hash_step(h, static_cast<unsigned char>(c));
    return h;
  }

  /// Counts a word, gives its id. `hash` is hash_of(word).
  std::uint32_t count(std::string_view word, std::uint64_t hash) {
    Slot& slot = slots_[hash * 0x9E3779B97F4A7C15U >> (64 - kBits)];
    if (slot.hash == hash && slot.count > 0 && slot.word == word) {
      ++slot.count;
      return slot.id;
    }
    return count_other(slot, word, hash);
  }

 private:
  static constexpr int kBits = 14;
  struct Slot {
    std::uint64_t hash = 0;
    std::string_view word;
    std::int64_t count = 0;
    std::uint32_t id = 0;
  };
  std::uint32_t count_other(Slot& slot, std::string_view word, std::uint64_t hash);

  WordCounter& counter_;
  std::vector<Slot> slots_;
};

}  // namespace weft::nlp
