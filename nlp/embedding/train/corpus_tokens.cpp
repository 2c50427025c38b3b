#include "nlp/embedding/train/corpus_tokens.h"

#include <array>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>

#include "nlp/embedding/train/word_counter.h"

namespace weft::nlp {

namespace {

// A chunk is what a thread takes at a time: long enough to be worth it, short enough for all to end together.
constexpr std::size_t kChunkTokens = 1024;
constexpr std::size_t kLongestChunk = 4 * kChunkTokens;  // of a line that doesn't end

constexpr std::array<bool, 256> white_space() {
  std::array<bool, 256> is{};
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r', '\0'}) is[static_cast<unsigned char>(c)] = true;
  return is;
}
constexpr std::array<bool, 256> kIsWhite = white_space();

/// Collects a block's tokens, and ends chunks where lines end.
class Chunks {
 public:
  Chunks(std::vector<std::uint32_t>& tokens, std::vector<std::uint32_t>& ends)
      : tokens_(tokens), ends_(ends) {}
  void add(std::uint32_t id) {
    tokens_.push_back(id);
    if (tokens_.size() - begin_ >= kLongestChunk) end();
  }
  void line_end() {
    if (tokens_.size() - begin_ >= kChunkTokens) end();
  }
  void end() {
    if (tokens_.size() == begin_) return;
    begin_ = tokens_.size();
    ends_.push_back(static_cast<std::uint32_t>(begin_));
  }

 private:
  std::vector<std::uint32_t>& tokens_;
  std::vector<std::uint32_t>& ends_;
  std::size_t begin_ = 0;
};

}  // namespace

void cut_block(const TextBlock& block, WordCounts& counts, Tokenizer* tokenizer,
               std::vector<std::uint32_t>& tokens, std::vector<std::uint32_t>& chunk_ends) {
  static const std::uint64_t line_end_hash = WordCounts::hash_of(kLineEnd);
  Chunks chunks(tokens, chunk_ends);
  const std::string_view text = block.text;
  if (tokenizer != nullptr) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      tokenizer->tokenize(text.substr(at, end - at), [&](std::string_view token) {
        chunks.add(counts.count(token, WordCounts::hash_of(token)));
      });
      if (end < text.size()) {
        chunks.add(counts.count(kLineEnd, line_end_hash));
        chunks.line_end();
      }
      at = end + 1;
    }
    return chunks.end();
  }
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p < end) {
    const auto c = static_cast<unsigned char>(*p);
    if (kIsWhite[c]) {
      ++p;
      if (c == '\n') {
        chunks.add(counts.count(kLineEnd, line_end_hash));
        chunks.line_end();
      }
      continue;
    }
    const char* const begin = p;
    std::uint64_t hash = WordCounts::kHashStart;
    do {
      hash = WordCounts::hash_step(hash, static_cast<unsigned char>(*p++));
    } while (p < end && !kIsWhite[static_cast<unsigned char>(*p)]);
    chunks.add(counts.count({begin, static_cast<std::size_t>(p - begin)}, hash));
  }
  chunks.end();
}

bool read_corpus(TextBlocks& text, const Workers& workers, const CorpusReading& reading,
                 CorpusTokens& corpus) {
  WordCounter counter;
  std::atomic<bool> stopped{false};
  std::mutex fault_mutex;
  std::exception_ptr fault;
  workers.for_each_range(workers.size(), 1, [&](std::int64_t, std::int64_t) {
    try {
      WordCounts counts(counter);
      std::unique_ptr<Tokenizer> tokenizer;
      if (reading.tokens != nullptr) tokenizer = make_tokenizer(*reading.tokens);
      TextBlock block;
      while (!stopped && text.next(block)) {
        std::vector<std::uint32_t> tokens, chunk_ends;
        tokens.reserve(block.text.size() / 5);
        cut_block(block, counts, tokenizer.get(), tokens, chunk_ends);
        tokens.shrink_to_fit();
        corpus.store.add(block.number, std::move(tokens), chunk_ends);
        if (reading.stop && reading.stop()) stopped = true;
      }
    } catch (...) {
      stopped = true;
      const std::lock_guard lock(fault_mutex);
      if (!fault) fault = std::current_exception();
    }
  });
  if (fault) std::rethrow_exception(fault);
  if (stopped) return false;
  corpus.store.finish();
  corpus.line_end = counter.line_end();
  corpus.distinct = counter.size();
  corpus.dictionary = reading.known != nullptr ? counter.finish(*reading.known, reading.min_count, corpus.map)
                                               : counter.finish(reading.min_count, corpus.map);
  return true;
}

}  // namespace weft::nlp
