#include "corpora/line_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "corpora/stop.h"
#include "nlp/text/segments.h"

namespace weft::corpora {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// How many bytes at the end may be the beginning of a character that is not read whole yet.
std::size_t open_tail(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), nlp::is_ascii_space);
}

}  // namespace

LineSource::LineSource(std::string path, std::size_t buffer_bytes, std::function<bool()> stop)
    : path_(std::move(path)), stop_(std::move(stop)), buffer_(std::max<std::size_t>(buffer_bytes, 64), '\0') {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw DataError(path_, 0, "no such file", "a relative path starts at the working directory");
    }
    throw DataError(path_, 0, std::string("can't be opened: ") + std::strerror(errno),
                    errno == EACCES ? "check the file's permissions" : "");
  }
  struct stat status {};
  if (::fstat(file_, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(file_);
    throw DataError(path_, 0, "is a directory", "give the path of a text file");
  }
}

LineSource::~LineSource() {
  ::close(file_);
}

/// Reads until the buffer is full or the file ends; false where nothing was added.
bool LineSource::fill() {
  if (stop_ && stop_()) throw Stopped();
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t before = end_;
  while (!at_end_ && end_ < buffer_.size()) {
    const ssize_t got = ::read(file_, buffer_.data() + end_, buffer_.size() - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(path_, line_, std::string("can't be read: ") + std::strerror(errno));
    if (got == 0) at_end_ = true;
    end_ += static_cast<std::size_t>(got);
  }
  return end_ > before;
}

void LineSource::take(std::size_t bytes) {
  begin_ += bytes;
  offset_ += static_cast<std::int64_t>(bytes);
}

void LineSource::skip_byte_order_mark() {
  const std::string_view text(buffer_.data() + begin_, end_ - begin_);
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) take(kByteOrderMark.size());
  line_offset_ = offset_;
}

/// `text` begins at offset_.
void LineSource::check(std::string_view text) const {
  const std::size_t bad = nlp::check_utf8(text);
  const std::size_t nul = text.substr(0, bad).find('\0');
  const std::size_t at = std::min(bad, nul);
  if (at == std::string_view::npos) return;
  const std::int64_t in_file = offset_ + static_cast<std::int64_t>(at);
  const std::string place = " at byte " + std::to_string(in_file - line_offset_) + " of the line (byte " +
                            std::to_string(in_file) + " of the file)";
  if (at == nul) throw DataError(path_, line_, "a NUL" + place, "expected a text file in UTF-8");
  throw DataError(path_, line_, "not UTF-8" + place, "convert it, as with: iconv -f LATIN1 -t UTF-8");
}

bool LineSource::next(LinePiece& piece) {
  if (offset_ == 0 && fill()) skip_byte_order_mark();
  for (;;) {
    std::string_view ahead(buffer_.data() + begin_, end_ - begin_);
    std::size_t end = ahead.find('\n');
    if (end == std::string_view::npos && !at_end_) {
      // A line that fills the buffer: the part that is whole characters, cut where no word is torn.
      if (fill() || at_end_) continue;
      const std::string_view whole = ahead.substr(0, ahead.size() - open_tail(ahead));
      check(whole);
      piece.text = whole.substr(0, nlp::segment_length(whole, whole.size() - 4));
      piece.line = line_;
      piece.first = at_line_start_;
      piece.last = false;
      at_line_start_ = false;
      any_text_ = true;
      take(piece.text.size());
      return true;
    }
    if (ahead.empty() && at_line_start_) break;
    const bool has_end = end != std::string_view::npos;
    if (!has_end) end = ahead.size();
    std::string_view text = ahead.substr(0, end);
    check(text);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    piece = {text, line_, at_line_start_, true};
    const bool blank = at_line_start_ && is_blank(text);
    take(has_end ? end + 1 : end);
    at_line_start_ = true;
    ++line_;
    line_offset_ = offset_;
    if (blank) continue;
    any_text_ = true;
    return true;
  }
  if (!any_text_) throw DataError(path_, 0, "the file holds no text", "expected lines of UTF-8 text");
  return false;
}

}  // namespace weft::corpora
