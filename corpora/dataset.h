#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "corpora/watch.h"
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

enum class ArgumentKind : std::uint8_t { text, number, boolean, tokenizer, column, vocabulary, choice };

/// One argument of a reader. The path is always the first and positional.
struct ArgumentSchema {
  std::string name;
  ArgumentKind kind{};
  bool required = false;
  std::string help;
  std::vector<std::string> choices{};  // of a choice
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
  std::vector<int> padded;        // the axes along which rows have lengths of their own
  std::vector<ArgumentSchema> arguments;
  std::vector<ColumnSchema> columns;
  std::vector<std::string> label_sets;
};

/// All readers, and one by name (nullptr: there is none).
const std::vector<ReaderSchema>& readers();
const ReaderSchema* find_reader(std::string_view name);

// --- an open corpus ---

/// A column as it is asked for: its number from 1, or its name in a header.
using ColumnName = std::variant<std::int64_t, std::string>;

/// What to do about bytes that are not UTF-8, and about NULs, which no text holds.
enum class Invalid : std::uint8_t {
  error,    // a DataError with file and line
  replace,  // U+FFFD stands in their place, one for each maximal run that can begin no character
  skip      // they are left out
};

/// A reader's arguments with their values.
struct ReaderRequest {
  std::string reader;
  std::string path;                   // a file, a pattern ("news/*.txt.gz"), or "-": the standard input
  std::vector<std::int64_t> extents;  // asked for, one for each axis: batch rows, window or cut length
  nlp::TokenizerSettings tokens;
  std::int64_t min_count = 1;                                  // of the vocabulary
  std::shared_ptr<const std::vector<std::string>> vocabulary;  // one that is there already; null: counted
  double holdout = 0;                         // share of the records kept for validation, 0 <= holdout < 1
  std::string valid_path;                     // or a file of their own; empty: none
  std::map<std::string, ColumnName> columns;  // by argument; one left out has the reader's default
  std::map<std::string, std::string> texts;   // other arguments that are texts, such as prefix
  Invalid invalid = Invalid::error;
  double expansion = 200;  // how many times its size a packed file may unpack to
  std::uint64_t seed = 0;  // of the split and the order
  int threads = 0;         // that read; 0: one for each core. What is read is the same for any number
  std::int64_t rank = 0, world = 1;  // of those who share a training: i % world == rank is this one's
};

enum class Split : std::uint8_t { train, valid };

/// One batch. Columns lie in schema order, row-major over their axes as they are in this batch; the last
/// batch of an epoch may have fewer rows.
struct Batch {
  std::vector<std::int64_t> extents;  // of the reader's axes, here
  std::vector<std::vector<std::int32_t>> columns;
  std::vector<std::vector<std::int32_t>> lengths;  // of each padded axis, one a row
  std::int64_t tokens = 0;                         // for progress: tokens that are not padding
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
  /// How its text became tokens: as it was asked for, with what was learnt from the corpus.
  virtual const nlp::TokenizerSettings& tokenizer() const = 0;
  /// What people should know of the reading: bytes that were replaced, records that were left out.
  virtual const std::vector<std::string>& notes() const = 0;
  /// Batches and tokens (as Batch::tokens) of one pass; 0 of a split that wasn't asked for.
  virtual std::int64_t batches(Split) const = 0;
  virtual std::int64_t tokens(Split) const = 0;
  /// The share of the training tokens, ends of lines not counted, that are <unk>, 0 .. 1.
  virtual double unknown_share() const = 0;
  /// A pass over a split. Training passes are shuffled by (seed, epoch); validation keeps the corpus' order.
  /// With a `world` of several, training records i (rows, or windows of a text) with i % world == rank, and
  /// all of validation.
  /// A stream may outlive the dataset; several may be read at the same time.
  virtual std::unique_ptr<BatchStream> stream(Split, std::uint64_t epoch) const = 0;
};

/// Opens, checks, counts and indexes a corpus. Reads the files once, in pieces, with `threads` threads; keeps
/// the vocabulary in memory and token ids in unnamed temporary files (in $TMPDIR, else /tmp), never the
/// corpus. Record i, counted over those that hold text, is kept for validation by (seed, i) alone. Throws
/// DataError for a corpus or an argument that doesn't fit it; std::system_error where the temporary file
/// can't be written; invalid_argument for an unknown reader, tokenizer or locale or a wrong number of
/// extents; Stopped where `watch` gives true, which leaves nothing behind.
std::unique_ptr<Dataset> open_dataset(const ReaderRequest& request, const Watch& watch = nullptr);

}  // namespace weft::corpora
