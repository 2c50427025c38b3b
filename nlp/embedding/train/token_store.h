#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace weft::nlp {

/// The tokens of a corpus as ids, so that it is read and cut into words once, however often it is trained on.
/// In memory while they are few, from then on in a file without a name, gone with the process. They come in
/// chunks of whole lines, whose order is the text's, whichever thread brought them when.
class TokenStore {
 public:
  static constexpr std::int64_t kBytesInMemory = std::int64_t{64} << 20;

  explicit TokenStore(std::int64_t bytes_in_memory = kBytesInMemory);
  ~TokenStore();
  TokenStore(const TokenStore&) = delete;
  TokenStore& operator=(const TokenStore&) = delete;

  /// The tokens of a block of the text; chunk_ends: where in them chunks end, rising, the last at their end.
  /// May be called by several threads. Throws std::system_error where they can't be kept.
  void add(std::int64_t block, std::vector<std::uint32_t> tokens,
           const std::vector<std::uint32_t>& chunk_ends);
  /// Brings the chunks into the text's order. Once, after the last add.
  void finish();

  std::int64_t chunks() const { return static_cast<std::int64_t>(chunks_.size()); }
  /// Tokens of all chunks.
  std::int64_t tokens() const { return tokens_; }
  /// Tokens of the chunks before this one.
  std::int64_t tokens_before(std::int64_t chunk) const {
    return chunks_[static_cast<std::size_t>(chunk)].before;
  }
  /// A chunk's tokens: where they lie, or read into `buffer`. May be called by several threads.
  std::span<const std::uint32_t> chunk(std::int64_t chunk, std::vector<std::uint32_t>& buffer) const;

 private:
  struct Chunk {
    std::int64_t block;   // of the text
    std::int64_t before;  // until finish(): its number in the block
    std::int64_t at;      // in the file, in tokens; or in its block's tokens
    std::uint32_t count;
    std::int32_t held;  // which of held_; -1: in the file
  };

  std::mutex mutex_;
  std::int64_t room_;
  std::int64_t tokens_ = 0, written_ = 0;
  std::vector<std::vector<std::uint32_t>> held_;
  std::vector<Chunk> chunks_;
  int file_ = -1;
};

}  // namespace weft::nlp
