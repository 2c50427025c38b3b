#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/dataset.h"
#include "corpora/records.h"
#include "corpora/token_index.h"

namespace weft::corpora {

/// A label set of rows: a vocabulary, which is counted in the training text, or classes, which are those of
/// the whole main file in byte order.
struct RowSet {
  bool vocabulary = true;
  std::vector<std::string> specials{};  // of a vocabulary
  std::string member = "label";         // what classes are called in messages: "label", "tag"
  std::string bearers = "rows";         // and what has them
};

/// What a row holds: one class, or tokens (or tags) along an axis.
struct RowField {
  int set = 0;
  bool single = false;
  std::int64_t most = 0;  // tokens that are kept, from the first on; of a single field 1
};

/// A column of the schema: a field, its tokens perhaps between others.
struct RowColumn {
  int field = 0;
  int axis = -1;              // along which its tokens lie, of the reader's; -1: one a row
  std::string before, after;  // a special token in front and behind; empty: none
};

/// What people are told of a reading, with how often it was so in front of it.
struct Remark {
  std::string one;   // "row has .."
  std::string many;  // "rows have .."
};

/// How the rows of a reader are made up; sets as in schema.label_sets, columns as in schema.columns.
struct RowLayout {
  std::vector<RowSet> sets;
  std::vector<RowField> fields;
  std::vector<RowColumn> columns;
  std::vector<Remark> remarks{};  // what RowSink::remark() counts
};

/// Where a reader puts the rows that it parses. Each thread has one.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Adds to a field of the row at hand: a text, which becomes tokens, or one that is a token as it is. What
  /// goes beyond the field's most is left out.
  virtual void text(int field, std::string_view text) = 0;
  virtual void token(int field, std::string_view token) = 0;
  /// Adds a word that the corpus gives as one, in the form that the tokenizer would give its text. False
  /// where the field is full.
  virtual bool word(int field, std::string_view word) = 0;
  /// Ends the row. A field of tokens that holds none is one <unk>, so that no row has length 0.
  virtual void end(std::int64_t line) = 0;
  /// Counts a remark of the layout.
  virtual void remark(int which) = 0;
};

/// What differs from reader to reader.
struct RowReader {
  RowLayout layout;
  /// Opens the main file, or that of validation.
  std::function<std::unique_ptr<RecordSource>(bool validation)> open;
  /// Takes a piece apart. Called by several threads. Throws DataError.
  std::function<void(const RecordPiece&, RowSink&)> parse;
};

/// A corpus of rows: batches of whole rows, padded along their axes to the longest of the batch.
std::unique_ptr<Dataset> open_rows(const ReaderRequest& request, const ReaderSchema& schema,
                                   const RowReader& reader);

}  // namespace weft::corpora
