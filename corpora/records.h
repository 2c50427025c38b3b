#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/text_blocks.h"

namespace weft::corpora {

/// Where the columns asked for lie in a record of a file, from 0.
using ColumnPlaces = std::vector<std::size_t>;

/// A piece of a text: whole records of one file, or a part of a line.
struct RecordPiece {
  std::string_view text;
  TextPlace place;                              // of its first byte
  std::shared_ptr<const ColumnPlaces> columns;  // of the file, where it has a header
  bool starts_line = true, ends_line = true;    // false only of line_pieces()
  std::string storage;                          // what `text` lies in
  std::string other;                            // of paired_lines(): as many lines of the second text
  TextPlace other_place;
};

/// A text piece by piece. One thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual bool next(RecordPiece& piece) = 0;
  /// What was mended, for people; empty: nothing.
  virtual std::string note() const = 0;
  /// Whether there was anything at all, if only a header.
  virtual bool any_text() const = 0;
};

/// What the records of a file are.
struct RecordForm {
  std::function<std::size_t(std::string_view text)> whole;  // bytes at the front that are whole records
  std::string record;                                       // "row", for messages
  std::string file;                                         // "a file of tab-separated values"
};

/// The header that a file begins with: where the columns are, and how many bytes it takes.
struct Header {
  ColumnPlaces columns;
  std::size_t bytes = 0;
};
using ReadHeader = std::function<Header(std::string_view text, const TextPlace& place)>;

/// The longest record that is taken, in bytes, where it has to be in memory whole.
inline constexpr std::size_t kLongestRecord = std::size_t{16} << 20;

/// Lines, the long ones in pieces.
std::unique_ptr<RecordSource> line_pieces(std::unique_ptr<FileBlocks> blocks);
/// Whole records, of each file behind its header. Throws DataError, with the line, for a record that is
/// longer than kLongestRecord.
std::unique_ptr<RecordSource> whole_records(std::unique_ptr<FileBlocks> blocks, RecordForm form,
                                            ReadHeader header = nullptr);
/// The lines of two texts in step. Throws DataError for texts of different numbers of lines.
std::unique_ptr<RecordSource> paired_lines(std::unique_ptr<FileBlocks> one, std::unique_ptr<FileBlocks> two);

/// Calls line(text, number) with each line of `text` that isn't blank, without its end; `first` is the number
/// of the first.
template <class Line>
void for_each_line(std::string_view text, std::int64_t first, Line&& line);

/// The lines at the front of `text` that are whole: all up to the last line end.
std::size_t whole_lines(std::string_view text);

/// White space of ASCII alone.
bool is_blank(std::string_view text);
/// Without white space of ASCII at its ends.
std::string_view trim(std::string_view text);

template <class Line>
void for_each_line(std::string_view text, std::int64_t first, Line&& line) {
  for (; !text.empty(); ++first) {
    const std::size_t end = text.find('\n');
    std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!one.empty() && one.back() == '\r') one.remove_suffix(1);
    if (!is_blank(one)) line(one, first);
  }
}

}  // namespace weft::corpora
