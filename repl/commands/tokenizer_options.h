#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpora/dataset.h"
#include "corpora/text_blocks.h"
#include "repl/commands/command.h"
#include "repl/text_reading.h"

namespace weft::repl {

/// What the commands share that read texts and make tokens of them.
struct TokenizerOptions {
  std::vector<std::string> files;
  std::string kind;
  std::string normalize;
  std::string fold_case;
  bool strip_accents = false;
  std::string locale;
  std::string model;  // a SentencePiece model
  TextReading reading;
  int threads = 0;

  /// Throws CLI::ValidationError where options don't go together.
  void check() const;
  /// Loads the SentencePiece model where one is asked for: ModelFileError where it can't be used.
  nlp::TokenizerSettings settings() const;
  /// The texts, in pieces of some 256 KiB.
  std::unique_ptr<corpora::FileBlocks> blocks(ReadingProgress* progress = nullptr) const;
  std::unique_ptr<corpora::FileBlocks> blocks(const std::vector<std::string>& paths,
                                              ReadingProgress* progress = nullptr) const;
};

void add_tokenizer_options(CLI::App&, TokenizerOptions&);

}  // namespace weft::repl
