#include "corpora/text_blocks.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "corpora/dataset.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kStepBytes = 4096;  // in which a line end is looked for, back from a block's end

std::vector<TextFile> all_files(const std::vector<std::string>& paths) {
  if (paths.empty()) throw std::invalid_argument("[text_blocks] expected a path, got none");
  std::vector<TextFile> files;
  for (const std::string& path : paths) {
    for (TextFile& file : files_of(path)) files.push_back(std::move(file));
  }
  return files;
}

std::shared_ptr<const int> shared_descriptor(int descriptor) {
  return {new int(descriptor), [](const int* d) {
            ::close(*d);
            delete d;
          }};
}

/// Where to cut a line that is longer than a block: behind at least one byte and at most `limit`, in front of
/// white space where there is any. `tail` ends kLookAhead bytes behind the limit.
constexpr std::size_t kLookAhead = 4;
std::size_t cut_of(std::string_view tail) {
  return nlp::segment_length(tail, tail.size() - kLookAhead);
}
/// Looking farther back than this for white space isn't worth while.
constexpr std::size_t kTailBytes = nlp::kSegmentBytes;

}  // namespace

FileBlocks::FileBlocks(const std::vector<std::string>& paths, TextOptions options)
    : files_(all_files(paths)), options_(std::move(options)) {
  options_.block_bytes = std::max<std::size_t>(options_.block_bytes, 64);
  if (!can_rewind()) return;
  for (const TextFile& f : files_) bytes_ += f.bytes;
}

FileBlocks::FileBlocks(const std::string& path, TextOptions options)
    : FileBlocks(std::vector<std::string>{path}, std::move(options)) {}

FileBlocks::~FileBlocks() = default;

bool FileBlocks::next(nlp::TextBlock& block) {
  try {
    Range range;
    {
      const std::lock_guard lock(mutex_);
      if (error_) std::rethrow_exception(error_);
      if (options_.watch && options_.watch(bytes_read(), bytes())) throw Stopped();
      range = reserve(block);
      if (block.number < 0) return false;
    }
    if (range.descriptor) {
      const TextFile& from = files_[range.start.file];
      block.storage.resize(range.bytes);
      if (read_at(*range.descriptor, from, block.storage.data(), range.bytes, range.start.offset) !=
          range.bytes)
        throw DataError(from.name(), 0, "became shorter while it was read");
      if (range.last && block.storage.back() != '\n') block.storage += '\n';
    }
    block.text = block.storage;
    check(block);
    return true;
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
    throw;
  }
}

/// Gives the block a number and what it is of the text; number -1 at the end.
FileBlocks::Range FileBlocks::reserve(nlp::TextBlock& block) {
  Range range;
  for (; at_.file < files_.size(); end_file()) {
    if (!file_begun_) begin_file();
    const Start start = at_;
    const bool began_in_line = in_line_;
    if (!(descriptor_ ? reserve_plain(block, range) : reserve_stream(block))) continue;
    block.number = static_cast<std::int64_t>(starts_.size());
    block.starts_line = !began_in_line;
    block.ends_line = !in_line_;
    starts_.push_back(start);
    return range;
  }
  block.number = -1;
  block.text = {};
  return range;
}

void FileBlocks::begin_file() {
  file_begun_ = true;
  at_.offset = at_.line_offset = 0;
  at_.line = 1;
  // A regular file that has no size may hold something all the same, in /proc.
  if (file().regular && file().bytes > 0) {
    const auto opened = shared_descriptor(open_file(file()));
    char begin[kMagicBytes];
    const std::size_t n = read_at(*opened, file(), begin, sizeof begin, 0);
    if (packing_of(file().name(), begin, n) == Packing::none) {
      descriptor_ = opened;
      at_.line = 0;
      if (std::string_view(begin, n).starts_with(kByteOrderMark)) {
        at_.offset = at_.line_offset = static_cast<std::int64_t>(kByteOrderMark.size());
      }
      return;
    }
  }
  stream_ = open_stream(file(), options_.expansion);
  read_ahead(carried_, kByteOrderMark.size());
  if (carried_ != kByteOrderMark) return;
  carried_.clear();
  at_.offset = at_.line_offset = static_cast<std::int64_t>(kByteOrderMark.size());
}

/// Adds to `text` until it has `enough` bytes or the stream ends.
void FileBlocks::read_ahead(std::string& text, std::size_t enough) {
  try {
    while (text.size() < enough && !stream_ended_) {
      const std::size_t before = text.size();
      text.resize(enough);
      const std::size_t got = stream_->read(text.data() + before, enough - before);
      text.resize(before + got);
      stream_ended_ = got == 0;  // a terminal isn't asked again
    }
  } catch (const StreamFault& fault) {
    throw DataError(file().name(), at_.line + line_ends(text), fault.what(), fault.hint());
  }
}

void FileBlocks::end_file() {
  taken_before_ += stream_ ? stream_->taken() : file().bytes;
  taken_.store(taken_before_, std::memory_order_relaxed);
  descriptor_.reset();
  stream_.reset();
  carried_.clear();
  file_begun_ = in_line_ = stream_ended_ = false;
  ++at_.file;
}

bool FileBlocks::reserve_plain(nlp::TextBlock&, Range& range) {
  const auto left = static_cast<std::size_t>(file().bytes - at_.offset);
  if (left == 0) return false;
  std::size_t end = std::min(left, options_.block_bytes);
  range = {descriptor_, at_, end, end == left};
  in_line_ = false;
  if (!range.last) {
    const auto read = [&](std::size_t begin, std::size_t to) {
      std::string text(to - begin, '\0');
      read_at(*descriptor_, file(), text.data(), text.size(), at_.offset + static_cast<std::int64_t>(begin));
      return text;
    };
    std::size_t line_end = std::string::npos;
    for (std::size_t to = end; to > 0 && line_end == std::string::npos;) {
      const std::size_t from = to > kStepBytes ? to - kStepBytes : 0;
      line_end = read(from, to).rfind('\n');
      if (line_end != std::string::npos) line_end += from;
      to = from;
    }
    if (line_end != std::string::npos) {
      end = line_end + 1;
    } else {
      const std::size_t from = end > kTailBytes ? end - kTailBytes : 0;
      end = from + cut_of(read(from, end + kLookAhead));
      in_line_ = true;
    }
    range.bytes = end;
  }
  at_.offset += static_cast<std::int64_t>(end);
  if (!in_line_) at_.line_offset = at_.offset;
  taken_.store(taken_before_ + at_.offset, std::memory_order_relaxed);
  return true;
}

bool FileBlocks::reserve_stream(nlp::TextBlock& block) {
  std::string& text = block.storage;
  text.assign(carried_);
  carried_.clear();
  read_ahead(text, options_.block_bytes + kLookAhead);
  taken_.store(taken_before_ + stream_->taken(), std::memory_order_relaxed);
  if (text.empty()) return false;
  in_line_ = false;
  if (text.size() > options_.block_bytes) {
    std::size_t end = text.rfind('\n', options_.block_bytes - 1);
    if (end != std::string::npos) {
      ++end;
    } else {
      const std::size_t from = options_.block_bytes > kTailBytes ? options_.block_bytes - kTailBytes : 0;
      std::string tail = text.substr(from, options_.block_bytes - from + kLookAhead);
      tail.resize(options_.block_bytes - from + kLookAhead);
      end = from + cut_of(tail);
      in_line_ = true;
    }
    carried_.assign(text, end);
    text.resize(end);
  }
  at_.offset += static_cast<std::int64_t>(text.size());
  if (!in_line_) {
    if (text.back() != '\n') text += '\n';
    at_.line_offset = at_.offset;
  }
  at_.line += line_ends(text);
  return true;
}

/// Mends the block's text, or tells what is wrong with it.
void FileBlocks::check(nlp::TextBlock& block) {
  const std::size_t at = first_invalid(block.text);
  if (at == std::string_view::npos) return;
  if (options_.invalid == Invalid::error) {
    const Start start = start_of(block);
    const std::size_t line_end = at == 0 ? std::string_view::npos : block.text.rfind('\n', at - 1);
    const std::int64_t in_file = start.offset + static_cast<std::int64_t>(at);
    const std::int64_t line_begin = line_end == std::string_view::npos
                                        ? start.line_offset
                                        : start.offset + static_cast<std::int64_t>(line_end) + 1;
    const std::string place = " at byte " + std::to_string(in_file - line_begin) + " of the line (byte " +
                              std::to_string(in_file) + " of the file)";
    const TextPlace where = place_of(block, at);
    if (block.text[at] == '\0')
      throw DataError(where.file, where.line, "a NUL" + place, "expected a text file in UTF-8");
    throw DataError(where.file, where.line, "not UTF-8" + place,
                    "convert it, as with: iconv -f LATIN1 -t UTF-8; or set `invalid` to replace or skip");
  }
  std::string mended;
  const std::int64_t places = mend(block.text, options_.invalid, mended);
  const std::lock_guard lock(mended_mutex_);
  if (mended_ == 0 || block.number < first_mended_block_) {
    first_mended_block_ = block.number;
    first_mended_ = place_of(block, at);
  }
  mended_ += places;
  block.storage.swap(mended);
  block.text = block.storage;
}

void FileBlocks::rewind() {
  const std::scoped_lock lock(mended_mutex_, mutex_);  // in the order in which check() takes them
  if (error_) std::rethrow_exception(error_);
  if (!can_rewind()) {
    const auto once = std::find_if(files_.begin(), files_.end(), [](const auto& f) { return !f.regular; });
    throw DataError(once->name(), 0, "can be read only once", "write it to a file and give that");
  }
  if (file_begun_) end_file();
  at_ = {};
  taken_before_ = 0;
  taken_ = 0;
  starts_.clear();
  mended_ = 0;
}

bool FileBlocks::can_rewind() const {
  return std::all_of(files_.begin(), files_.end(), [](const TextFile& f) { return f.regular; });
}

FileBlocks::Start FileBlocks::start_of(const nlp::TextBlock& block) const {
  const std::lock_guard lock(mutex_);
  return starts_.at(static_cast<std::size_t>(block.number));
}

std::int64_t FileBlocks::line_of(const nlp::TextBlock& block, std::size_t offset) {
  const Start start = start_of(block);
  const std::int64_t first = start.line > 0 ? start.line : count_lines(start);
  return first + line_ends(block.text.substr(0, offset));
}

/// The line that a block of a plain file begins in.
std::int64_t FileBlocks::count_lines(const Start& start) const {
  const TextFile& from = files_[start.file];
  const auto descriptor = shared_descriptor(open_file(from));
  std::string piece(std::size_t{1} << 20, '\0');
  std::int64_t line = 1;
  for (std::int64_t done = 0; done < start.offset;) {
    const auto wanted = std::min<std::int64_t>(start.offset - done, static_cast<std::int64_t>(piece.size()));
    const std::size_t got = read_at(*descriptor, from, piece.data(), static_cast<std::size_t>(wanted), done);
    if (got == 0) break;
    line += line_ends(std::string_view(piece).substr(0, got));
    done += static_cast<std::int64_t>(got);
  }
  return line;
}

std::int64_t FileBlocks::line_ends(std::string_view text) {
  std::int64_t n = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; ++at) ++n;
  return n;
}

std::size_t FileBlocks::file_index(const nlp::TextBlock& block) const {
  return start_of(block).file;
}

std::string FileBlocks::file_of(const nlp::TextBlock& block) const {
  return files_[file_index(block)].name();
}

std::int64_t FileBlocks::mended() const {
  const std::lock_guard lock(mended_mutex_);
  return mended_;
}

TextPlace FileBlocks::first_mended() const {
  const std::lock_guard lock(mended_mutex_);
  return first_mended_;
}

std::string FileBlocks::note() const {
  const std::int64_t n = mended();
  if (n == 0) return {};
  const TextPlace first = first_mended();
  return (n == 1 ? "one place" : std::to_string(n) + " places") +
         (options_.invalid == Invalid::replace ? " that can't be read as UTF-8 replaced by U+FFFD"
                                               : " that can't be read as UTF-8 left out") +
         ", the first in " + first.file + ":" + std::to_string(first.line);
}

}  // namespace weft::corpora
