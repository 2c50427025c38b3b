#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::nlp {

inline constexpr std::string_view kUnknown = "<unk>";
inline constexpr std::string_view kEnd = "<eos>";
inline constexpr std::string_view kPad = "<pad>";

/// Counts tokens, in any order, and gives the vocabulary of the frequent ones.
class TokenCounter {
 public:
  void add(std::string_view token, std::int64_t count = 1);
  std::int64_t total() const { return total_; }
  /// (token, count), most frequent first, ties in byte order: the same for every order of adding.
  std::vector<std::pair<std::string, std::int64_t>> sorted() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> counts_;
  std::int64_t total_ = 0;
};

/// Tokens and their indices, 0 .. size() - 1.
class Vocabulary {
 public:
  Vocabulary() = default;
  /// As listed; throws invalid_argument for a token listed twice.
  explicit Vocabulary(std::vector<std::string> tokens);
  /// `specials` first, then the counted tokens seen at least min_count times, most frequent first.
  Vocabulary(const TokenCounter& counter, const std::vector<std::string>& specials, std::int64_t min_count);

  std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
  const std::string& token(std::int64_t id) const { return tokens_.at(static_cast<std::size_t>(id)); }
  /// The index, or that of <unk>, or -1 where there is no <unk> either.
  std::int32_t id(std::string_view token) const;
  bool contains(std::string_view token) const { return index_.find(token) != index_.end(); }
  const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> index_;
  std::int32_t unknown_ = -1;
};

}  // namespace weft::nlp
