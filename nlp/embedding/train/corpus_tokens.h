#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "kernels/parallel.h"
#include "nlp/embedding/dictionary.h"
#include "nlp/embedding/text_blocks.h"
#include "nlp/embedding/train/token_store.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// A corpus that has been read: its vocabulary and its tokens.
struct CorpusTokens {
  Dictionary dictionary;
  TokenStore store;
  std::vector<std::int32_t> map;  // from the store's ids to the dictionary's; -1: left out
  std::uint32_t line_end = 0;     // the store's id of `</s>`, which may be left out of the dictionary
  std::int64_t distinct = 0;      // words, those left out too
};

struct CorpusReading {
  std::int64_t min_count = 5;
  /// What cuts lines into tokens; null: words are what ASCII white space parts, as for word2vec and fastText.
  const TokenizerSettings* tokens = nullptr;
  /// A vocabulary that there is, which is kept and may grow; null: none.
  const Dictionary* known = nullptr;
  std::function<bool()> stop;  // asked now and then by any thread
};

/// Reads a text once, by all threads; each line end counts as the token `</s>`. False where it was stopped.
/// Memory: the words, and TokenStore::kBytesInMemory of tokens.
bool read_corpus(TextBlocks& text, const Workers& workers, const CorpusReading& reading,
                 CorpusTokens& corpus);

/// The words of one block, and where in them chunks of whole lines end.
class WordCounts;
void cut_block(const TextBlock& block, WordCounts& counts, Tokenizer* tokenizer,
               std::vector<std::uint32_t>& tokens, std::vector<std::uint32_t>& chunk_ends);

}  // namespace weft::nlp
