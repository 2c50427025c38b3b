#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/parallel.h"
#include "nlp/embedding/classifier/spool.h"
#include "nlp/embedding/dictionary.h"
#include "nlp/embedding/text_blocks.h"

namespace weft::nlp {

/// A labelled corpus that can't be used. `line` is 0 where the fault is not one line's.
class ExamplesFault : public std::runtime_error {
 public:
  ExamplesFault(std::int64_t line, const std::string& what, std::string hint)
      : std::runtime_error(what), line_(line), hint_(std::move(hint)) {}
  std::int64_t line() const { return line_; }
  const std::string& hint() const { return hint_; }

 private:
  std::int64_t line_;
  std::string hint_;
};

/// How a line tells its labels.
enum class LabelForm : std::uint8_t {
  prefix,  // words that begin with the label prefix, anywhere in the line: fastText's form
  tsv      // the first field, up to a tab
};

struct ExampleReading {
  LabelForm form = LabelForm::prefix;
  std::string label_prefix = "__label__";
  std::int64_t min_count = 1;        // words seen less often have no row of their own
  std::int64_t min_label_count = 0;  // labels seen less often are left out
  /// Instead of counting: words and labels are those of an earlier corpus.
  const Dictionary* dictionary = nullptr;
  /// Words and labels that there are: they keep their places and gain what is counted, and new ones come
  /// behind their like.
  const Dictionary* known = nullptr;
};

/// What was read and what was passed over.
struct ExampleCounts {
  std::int64_t lines = 0, examples = 0, tokens = 0;
  std::int64_t empty = 0;           // lines without anything
  std::int64_t unlabelled = 0;      // with a text and no label
  std::int64_t textless = 0;        // with a label and no text
  std::int64_t unknown_labels = 0;  // labels that the dictionary doesn't have: those examples are left out
  std::int64_t rare_labels = 0;     // examples left out as all their labels are rare
};

/// A labelled corpus as numbers: read and counted once, by all threads. Words and labels are ordered by their
/// counts, the most frequent first, and among equals by their bytes, so the number of threads doesn't show.
class Examples {
 public:
  /// Each holds labels and words. `words`: indices of dictionary words; from words() on those of rare()
  /// words. The last is the end of the line, where the dictionary has it.
  struct Example {
    std::span<const std::uint32_t> labels, words;
  };

  /// `going_on`: asked now and then; false ends the reading with an empty corpus. Throws ExamplesFault, what
  /// the blocks throw, std::system_error.
  static Examples read(TextBlocks& blocks, const ExampleReading& reading, const Workers& workers,
                       const std::function<bool()>& going_on = {});

  std::int64_t size() const { return static_cast<std::int64_t>(starts_.size()); }
  Example operator[](std::int64_t i) const {
    const std::uint32_t* at = ids_ + starts_[static_cast<std::size_t>(i)];
    return {{at + 2, at[0]}, {at + 2 + at[0], at[1]}};
  }
  /// For prefetching.
  const void* address(std::int64_t i) const { return ids_ + starts_[static_cast<std::size_t>(i)]; }

  const Dictionary& dictionary() const { return dictionary_; }
  /// Words that are too rare for a row of their own; their n-grams still count.
  const Dictionary& rare() const { return rare_; }
  /// fasttext_hash of each word, the rare ones after the others.
  std::span<const std::uint32_t> hashes() const { return hashes_; }
  std::int32_t words() const { return dictionary_.words(); }
  std::int32_t labels() const { return dictionary_.labels(); }
  const ExampleCounts& counts() const { return counts_; }
  const std::string& label_prefix() const { return label_prefix_; }

  /// Two parts, the second of about `share` of the examples, drawn by the seed. They share all the rest.
  std::pair<Examples, Examples> split(double share, std::uint64_t seed) const;

 private:
  std::shared_ptr<Spool> spool_;
  const std::uint32_t* ids_ = nullptr;  // an example: its numbers of labels and words, those, these
  std::vector<std::uint64_t> starts_;
  Dictionary dictionary_, rare_;
  std::vector<std::uint32_t> hashes_;
  ExampleCounts counts_;
  std::string label_prefix_;
};

}  // namespace weft::nlp
