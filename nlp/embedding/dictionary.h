#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::nlp {

/// What fastText and word2vec call the end of a line.
inline constexpr std::string_view kLineEnd = "</s>";

/// The words of an embedding with their counts, and the labels of a classifier after them. Indices 0 ..
/// words() - 1 are words, from there on labels. Its strings lie in one buffer, so that ten million entries
/// cost little more than their text.
class Dictionary {
 public:
  enum class Kind : std::int8_t { word = 0, label = 1 };

  void reserve(std::int64_t entries, std::int64_t bytes);
  /// Words first, then labels. Throws invalid_argument for an entry that is there already, and for a word
  /// after a label.
  std::int32_t add(std::string_view text, std::int64_t count, Kind kind = Kind::word);

  std::int32_t size() const { return static_cast<std::int32_t>(counts_.size()); }
  std::int32_t words() const { return words_; }
  std::int32_t labels() const { return size() - words_; }
  /// The entry's text; valid until the next add().
  std::string_view text(std::int32_t i) const {
    const auto b = ends_[static_cast<std::size_t>(i)], e = ends_[static_cast<std::size_t>(i) + 1];
    return std::string_view(bytes_).substr(b, e - b);
  }
  std::int64_t count(std::int32_t i) const { return counts_[static_cast<std::size_t>(i)]; }
  Kind kind(std::int32_t i) const { return i < words_ ? Kind::word : Kind::label; }
  /// The entry's index, or -1.
  std::int32_t find(std::string_view text) const;
  /// Tokens of the corpus that the counts were taken from, those left out too.
  std::int64_t tokens = 0;

 private:
  void rehash(std::size_t slots);
  std::size_t slot_of(std::string_view text) const;

  std::string bytes_;
  std::vector<std::uint64_t> ends_{0};  // of entry i: ends_[i] .. ends_[i + 1]
  std::vector<std::int64_t> counts_;
  std::vector<std::int32_t> slots_;  // open addressing: index + 1; 0: free
  std::int32_t words_ = 0;
};

/// FNV-1a of 32 bits as fastText computes it: each byte is sign-extended before it is mixed in.
std::uint32_t fasttext_hash(std::string_view text);

}  // namespace weft::nlp
