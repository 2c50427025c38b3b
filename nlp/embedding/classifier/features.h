#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "nlp/embedding/classifier/examples.h"
#include "nlp/embedding/model.h"

namespace weft::nlp {

/// Appends the rows of all runs of 2 .. word_ngrams words: words + h mod buckets, where h starts as the first
/// word's hash and h := h * 116049371 + next in 64 bits, hashes taken as signed. `kept`: as kept_buckets of
/// the model. Source: Joulin et al. 2017, section 2.1; the rules are fastText's.
void append_word_ngrams(std::span<const std::uint32_t> hashes, const EmbeddingSettings& settings,
                        std::int64_t words, std::span<const std::int32_t> kept,
                        std::vector<std::int32_t>& rows);

/// The rows of the input matrix that stand for an example of a corpus. Those of each word are listed once.
class ExampleFeatures {
 public:
  /// Both must outlive it. The corpus was read with the model's dictionary, of which words may have been cut
  /// since. Throws invalid_argument where the labels differ.
  ExampleFeatures(const EmbeddingModel& model, const Examples& examples);

  /// Replaces `rows`; `hashes` is scratch.
  void rows(const Examples::Example& example, std::vector<std::uint32_t>& hashes,
            std::vector<std::int32_t>& rows) const;

 private:
  const EmbeddingModel& model_;
  const Examples& examples_;
  bool plain_ = false;                // a word's number is its one row
  std::vector<std::uint64_t> begin_;  // of a word's rows
  std::vector<std::int32_t> rows_;
};

/// The rows and labels of a text as fastText reads one line, its end included. Words that the model doesn't
/// have count by their n-grams. Replaces `rows` and `labels`; the latter are numbers from 0, labels that the
/// model doesn't have are left out and counted. Gives how many words the text has.
struct TextFeatures {
  std::vector<std::int32_t> rows, labels;
  std::int64_t words = 0, unknown_labels = 0;
  void read(const EmbeddingModel& model, std::string_view text);

 private:
  std::vector<std::uint32_t> hashes_;
  std::vector<std::int64_t> wide_;
};

}  // namespace weft::nlp
