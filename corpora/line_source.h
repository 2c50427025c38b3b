#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace weft::corpora {

/// A line of a text file without its end, or a piece of one that is longer than the buffer.
struct LinePiece {
  std::string_view text;  // valid until the next call of next()
  std::int64_t line = 0;  // from 1
  bool first = true;      // the piece begins a line
  bool last = true;       // the piece ends it
};

/// The lines of a UTF-8 text file, read from disk in pieces of at most `buffer_bytes`, so that memory stays
/// bounded whatever the file holds. A byte order mark and the carriage return of CRLF are skipped, and so are
/// empty lines (of ASCII white space only). A longer line comes in pieces cut in front of white space where
/// there is any.
class LineSource {
 public:
  static constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

  /// `stop` is asked before each buffer is read. Throws DataError for a path that is missing, a directory or
  /// unreadable.
  explicit LineSource(std::string path, std::size_t buffer_bytes = kBufferBytes,
                      std::function<bool()> stop = nullptr);
  ~LineSource();
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;

  /// False at the end. Throws DataError, with the line, for bytes that are not UTF-8, a NUL, a read that
  /// fails, and at the end of a file without text; Stopped where `stop` gives true.
  bool next(LinePiece& piece);

  const std::string& path() const { return path_; }

 private:
  bool fill();
  void skip_byte_order_mark();
  void check(std::string_view text) const;
  void take(std::size_t bytes);

  std::string path_;
  std::function<bool()> stop_;
  int file_ = -1;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what of the buffer is read from the file and not yet given out
  std::int64_t offset_ = 0;          // of begin_ in the file
  std::int64_t line_ = 1;
  std::int64_t line_offset_ = 0;  // where the current line begins in the file
  bool at_line_start_ = true;
  bool at_end_ = false;
  bool any_text_ = false;
};

}  // namespace weft::corpora
