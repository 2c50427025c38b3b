#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>

#include "corpora/text_blocks.h"
#include "nlp/text/piece_model.h"
#include "nlp/text/vocabulary.h"

namespace weft::repl {

enum class TokenFormat { text, tsv, jsonl };

/// What is written of the tokens of a line.
struct TokenOutput {
  TokenFormat format = TokenFormat::text;
  bool offsets = false;
  bool ids = false;
  std::shared_ptr<const nlp::Vocabulary> vocabulary;  // for ids; null: those of the SentencePiece model
};

/// Writes the tokens of a text, line by line and in order, with so many threads at work.
///   text:  a line for each line: tokens, or their ids, apart by spaces
///   tsv:   a line for each token: token, begin, end, id; an empty one after each line of the text
///   jsonl: an object for each line: {"tokens": [...], "offsets": [[0, 3], ...], "ids": [...]}
/// Offsets are bytes from the beginning of the line.
void write_tokens(corpora::FileBlocks& blocks, const nlp::TokenizerSettings& settings,
                  const TokenOutput& output, int threads, std::FILE* to);

}  // namespace weft::repl
