#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "corpora/invalid_text.h"
#include "corpora/text_files.h"
#include "corpora/unpack.h"
#include "corpora/watch.h"
#include "nlp/embedding/text_blocks.h"

namespace weft::corpora {

/// How a text is read.
struct TextOptions {
  Invalid invalid = Invalid::error;
  ExpansionLimit expansion;
  std::size_t block_bytes = std::size_t{1} << 20;  // at most, of a block as it is read; at least 64
  Watch watch;                                     // told and asked before each block
};

/// Where in a text: a file and a line of it, from 1.
struct TextPlace {
  std::string file;
  std::int64_t line = 0;
};

/// The text of one file, of several, or of the standard input, one behind the other, plain or packed by gzip
/// or zstd. Blocks are the same whatever the packing, the kind of file and the number of threads: whole lines
/// of at most `block_bytes`, and of a longer line pieces cut in front of white space where there is any, at
/// least between characters. The last line of a file ends with the file; a byte order mark is left out.
///
/// Plain files are read in parallel, from anywhere in them; packed ones and pipes are unpacked by whoever
/// comes next. All throw DataError, with file and line, for bytes that are not UTF-8 (unless `invalid` says
/// otherwise), a NUL, data that is cut short, damaged or unpacks to too much, and a read that fails; Stopped
/// where `watch` gives true.
class FileBlocks : public nlp::TextBlocks {
 public:
  /// Each path as in files_of(). Throws DataError for what is missing, a directory or unreadable;
  /// invalid_argument for no path at all.
  explicit FileBlocks(const std::vector<std::string>& paths, TextOptions options = {});
  explicit FileBlocks(const std::string& path, TextOptions options = {});
  ~FileBlocks() override;

  bool next(nlp::TextBlock& block) override;
  void rewind() override;
  bool can_rewind() const override;
  std::int64_t bytes_read() const override { return taken_.load(std::memory_order_relaxed); }
  std::int64_t bytes() const override { return bytes_; }
  std::int64_t line_of(const nlp::TextBlock& block, std::size_t offset) override;

  /// Which of files() a block comes from, and what it is called in messages.
  std::size_t file_index(const nlp::TextBlock& block) const;
  std::string file_of(const nlp::TextBlock& block) const;
  /// Where a byte of a block lies.
  TextPlace place_of(const nlp::TextBlock& block, std::size_t offset) {
    return {file_of(block), line_of(block, offset)};
  }
  /// Places that were replaced or left out so far, in one pass, and the first of them.
  std::int64_t mended() const;
  TextPlace first_mended() const;
  /// "17 places that are not UTF-8 were replaced, the first in a.txt:3"; empty: there was none.
  std::string note() const;

  const std::vector<TextFile>& files() const { return files_; }
  /// Line ends in a text. Cost: a few GB/s.
  static std::int64_t line_ends(std::string_view text);

 private:
  /// Where a block comes from.
  struct Start {
    std::size_t file = 0;
    std::int64_t offset = 0;       // in the file, unpacked
    std::int64_t line_offset = 0;  // where the line begins that it begins in
    std::int64_t line = 0;         // which that is; 0: not known, to be counted
  };
  /// The part of a plain file that is a block.
  struct Range {
    std::shared_ptr<const int> descriptor;  // null: the block is in its storage already
    Start start;
    std::size_t bytes = 0;
    bool last = false;  // the file ends with it
  };

  Range reserve(nlp::TextBlock& block);
  bool reserve_plain(nlp::TextBlock& block, Range& range);
  bool reserve_stream(nlp::TextBlock& block);
  void begin_file();
  void read_ahead(std::string& text, std::size_t enough);
  void end_file();
  void check(nlp::TextBlock& block);
  std::int64_t count_lines(const Start& start) const;
  Start start_of(const nlp::TextBlock& block) const;
  const TextFile& file() const { return files_[at_.file]; }

  std::vector<TextFile> files_;
  std::int64_t bytes_ = 0;  // of all of them; 0: not known
  TextOptions options_;
  mutable std::mutex mutex_;
  std::exception_ptr error_;
  std::vector<Start> starts_;  // by block number
  std::atomic<std::int64_t> taken_{0};

  // Where the next block begins.
  Start at_;
  bool file_begun_ = false;
  bool in_line_ = false;                   // the block before ended within a line
  std::int64_t taken_before_ = 0;          // of the files before
  std::shared_ptr<const int> descriptor_;  // of a plain file, which is read from anywhere
  std::unique_ptr<ByteStream> stream_;     // else
  bool stream_ended_ = false;
  std::string carried_;  // unpacked, and not given out yet

  mutable std::mutex mended_mutex_;
  std::int64_t mended_ = 0;
  std::int64_t first_mended_block_ = 0;
  TextPlace first_mended_;
};

}  // namespace weft::corpora
