#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::nlp {

/// Distinct texts with their counts, numbered as they come; for one thread. The caller brings each text's
/// hash, which it needs anyway.
class TokenTable {
 public:
  struct Entry {
    std::uint32_t hash = 0;
    std::uint32_t length = 0;
    std::uint64_t at = 0;  // in the texts
    std::int64_t count = 0;
    bool label = false;
  };

  /// Counts the text. `label` is told where it is seen for the first time.
  std::uint32_t count(std::string_view text, std::uint32_t hash, bool label, std::int64_t times = 1) {
    std::size_t slot = hash & mask_;
    for (; slots_[slot].number != 0; slot = (slot + 1) & mask_) {
      if (slots_[slot].hash != hash) continue;
      Entry& e = entries_[slots_[slot].number - 1];
      if (e.length == text.size() && this->text(e) == text) {
        e.count += times;
        return slots_[slot].number - 1;
      }
    }
    return insert(slot, text, hash, label, times);
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
  const Entry& operator[](std::uint32_t i) const { return entries_[i]; }
  std::string_view text(const Entry& e) const { return {texts_.data() + e.at, e.length}; }

 private:
  struct Slot {
    std::uint32_t number = 0;  // of the entry, from 1; 0: free
    std::uint32_t hash = 0;
  };

  /// Throws std::length_error beyond 2^31 texts, and for one of 4 GB.
  std::uint32_t insert(std::size_t slot, std::string_view text, std::uint32_t hash, bool label,
                       std::int64_t times);

  std::string texts_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(1 << 12);
  std::size_t mask_ = (1 << 12) - 1;
};

}  // namespace weft::nlp
