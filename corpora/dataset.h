#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nlp/text/tokenizer.h"
#include "nlp/text/vocabulary.h"

namespace weft::corpora {

/// A corpus that can't be used: where, what and how to mend it. Message: "FILE:LINE: what (hint)".
class DataError : public std::runtime_error {
 public:
  DataError(std::string file, std::int64_t line, std::string what, std::string hint = {});
  const std::string& file() const { return file_; }
  std::int64_t line() const { return line_; }  // from 1; 0 where the fault is the file's as a whole
  const std::string& hint() const { return hint_; }

 private:
  std::string file_;
  std::int64_t line_;
  std::string hint_;
};

// --- what is known before a file is opened ---

enum class ArgumentKind : std::uint8_t { text, number, boolean, tokenizer, column, vocabulary };

/// One argument of a reader. The path is always the first and positional.
struct ArgumentSchema {
  std::string name;
  ArgumentKind kind{};
  bool required = false;
  std::string help;
};

/// One column of a batch: indices into a label set, over some of the reader's axes.
struct ColumnSchema {
  std::string name;
  std::string labels;     // the label set its elements index: "vocab", "classes"
  std::vector<int> axes;  // which of the reader's axes, outermost first
};

/// What a reader gives, so that a program can be checked without its corpus.
struct ReaderSchema {
  std::string name;               // "lines", "tsv"
  std::vector<std::string> axes;  // what each axis of the bracket is: "batch", "time"
  int padded = -1;                // the axis whose rows have lengths of their own; -1: none
  std::vector<ArgumentSchema> arguments;
  std::vector<ColumnSchema> columns;
  std::vector<std::string> label_sets;
};

/// All readers, and one by name (nullptr: there is none).
const std::vector<ReaderSchema>& readers();
const ReaderSchema* find_reader(std::string_view name);

// --- an open corpus ---

/// A reader's arguments with their values.
struct ReaderRequest {
  std::string reader;
  std::string path;
  std::vector<std::int64_t> extents;  // asked for, one for each axis: batch rows, window or cut length
  nlp::TokenizerSettings tokens;
  std::int64_t min_count = 1;                                  // of the vocabulary
  std::shared_ptr<const std::vector<std::string>> vocabulary;  // one that is there already; null: counted
  double holdout = 0;      // share of the records kept for validation, 0 <= holdout < 1
  std::string valid_path;  // or a file of their own; empty: none
  std::variant<std::int64_t, std::string> label_column = std::int64_t{1};  // tsv: from 1, or a header's name
  std::variant<std::int64_t, std::string> text_column = std::int64_t{2};
  std::uint64_t seed = 0;  // of the split and the order
};

enum class Split : std::uint8_t { train, valid };

/// One batch. Columns lie in schema order, row-major over their axes as they are in this batch; the last
/// batch of an epoch may have fewer rows.
struct Batch {
  std::vector<std::int64_t> extents;  // of the reader's axes, here
  std::vector<std::vector<std::int32_t>> columns;
  std::vector<std::int32_t> lengths;  // of the padded axis, one a row; empty where none is padded
  std::int64_t tokens = 0;            // for progress: tokens that are not padding
};

/// The batches of one pass over a split.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  /// Fills `batch`, reusing its memory; false at the end.
  virtual bool next(Batch& batch) = 0;
};

/// A corpus, opened, checked and counted.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual const ReaderSchema& schema() const = 0;
  /// The names of a label set of the schema.
  virtual const std::vector<std::string>& labels(std::string_view set) const = 0;
  /// Batches and tokens (as Batch::tokens) of one pass; 0 of a split that wasn't asked for.
  virtual std::int64_t batches(Split) const = 0;
  virtual std::int64_t tokens(Split) const = 0;
  /// The share of the training tokens, ends of lines not counted, that are <unk>, 0 .. 1.
  virtual double unknown_share() const = 0;
  /// A pass over a split. Training passes are shuffled by (seed, epoch); validation keeps the corpus' order.
  /// A stream may outlive the dataset; several may be read at the same time.
  virtual std::unique_ptr<BatchStream> stream(Split, std::uint64_t epoch) const = 0;
};

/// Opens, checks, counts and indexes a corpus. Reads the file once, from disk in pieces; keeps the vocabulary
/// in memory and token ids in an unnamed temporary file (in $TMPDIR, else /tmp), never the corpus. Record i,
/// counted over the lines that hold text, is kept for validation by (seed, i) alone. Throws DataError for a
/// corpus or an argument that doesn't fit it; std::system_error where the temporary file can't be written;
/// invalid_argument for an unknown reader, tokenizer or locale or a wrong number of extents.
std::unique_ptr<Dataset> open_dataset(const ReaderRequest& request);

}  // namespace weft::corpora
