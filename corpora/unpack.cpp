#include "corpora/unpack.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <vector>

#include "corpora/dataset.h"

namespace weft::corpora {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{128} << 10;

/// A file as it is, with its first bytes looked at.
class PlainStream : public ByteStream {
 public:
  explicit PlainStream(const TextFile& file) : file_(open_file(file)) {
    // The standard input may have been read before, when it is a file.
    if (file.regular && file.path == "-") ::lseek(file_, 0, SEEK_SET);
  }
  ~PlainStream() override { ::close(file_); }
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;

  /// The bytes it begins with; they are read again.
  std::string_view peek(std::size_t n) {
    ahead_.resize(n);
    std::size_t got = 0;
    while (got < n) {
      const std::size_t more = from_file(ahead_.data() + got, n - got);
      if (more == 0) break;
      got += more;
    }
    ahead_.resize(got);
    return ahead_;
  }

  std::size_t read(char* to, std::size_t n) override {
    if (given_ < ahead_.size()) {
      const std::size_t some = std::min(n, ahead_.size() - given_);
      std::memcpy(to, ahead_.data() + given_, some);
      given_ += some;
      return some;
    }
    return from_file(to, n);
  }
  std::int64_t taken() const override { return taken_; }

 private:
  std::size_t from_file(char* to, std::size_t n) {
    for (;;) {
      const ssize_t got = ::read(file_, to, n);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw StreamFault(std::string("can't be read: ") + std::strerror(errno), "");
      taken_ += got;
      return static_cast<std::size_t>(got);
    }
  }

  int file_;
  std::string ahead_;
  std::size_t given_ = 0;
  std::int64_t taken_ = 0;
};

/// What both packings share: a buffer of packed bytes, and the limit.
class Unpacked : public ByteStream {
 public:
  Unpacked(std::unique_ptr<ByteStream> packed, const ExpansionLimit& limit)
      : packed_(std::move(packed)), limit_(limit), buffer_(kBufferBytes) {}
  std::int64_t taken() const override { return packed_->taken(); }

 protected:
  /// More packed bytes behind what is left of them; false at the end.
  bool refill() {
    if (begin_ < end_) return true;
    begin_ = 0;
    end_ = packed_->read(buffer_.data(), buffer_.size());
    return end_ > 0;
  }

  void count(std::size_t bytes) {
    given_ += static_cast<std::int64_t>(bytes);
    if (given_ <= limit_.always_allowed) return;
    const double most = limit_.most_expansion * static_cast<double>(packed_->taken());
    if (static_cast<double>(given_) <= most) return;
    throw StreamFault(
        "unpacks to more than " + std::to_string(std::llround(limit_.most_expansion)) + " times its size",
        "if that is meant, set `expansion` to " + std::to_string(std::llround(limit_.most_expansion * 10)));
  }

  std::unique_ptr<ByteStream> packed_;
  ExpansionLimit limit_;
  std::int64_t given_ = 0;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of the packed bytes
};

[[noreturn]] void cut_short(const char* packing) {
  throw StreamFault(std::string("the file is cut short: its ") + packing + " data ends in the middle",
                    "was it copied or downloaded whole?");
}

class GzipStream : public Unpacked {
 public:
  GzipStream(std::unique_ptr<ByteStream> packed, const ExpansionLimit& limit)
      : Unpacked(std::move(packed), limit) {
    if (::inflateInit2(&z_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipStream() override { ::inflateEnd(&z_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::size_t read(char* to, std::size_t n) override {
    z_.next_out = reinterpret_cast<Bytef*>(to);
    z_.avail_out = static_cast<uInt>(std::min<std::size_t>(n, 1U << 30));
    const uInt asked = z_.avail_out;
    while (z_.avail_out == asked) {
      if (!refill()) {
        if (between_) return 0;
        cut_short("gzip");
      }
      if (between_ && !next_member()) return 0;
      z_.next_in = reinterpret_cast<Bytef*>(buffer_.data() + begin_);
      z_.avail_in = static_cast<uInt>(end_ - begin_);
      const int rc = ::inflate(&z_, Z_NO_FLUSH);
      begin_ = end_ - z_.avail_in;
      if (rc == Z_STREAM_END) {
        between_ = true;
      } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
        throw StreamFault(
            std::string("its gzip data is damaged") + (z_.msg ? std::string(": ") + z_.msg : ""), "");
      }
    }
    const std::size_t got = asked - z_.avail_out;
    count(got);
    return got;
  }

 private:
  /// Files may be one gzip stream behind the other, and end in zeros, as tapes made them.
  bool next_member() {
    while (begin_ < end_ && buffer_[begin_] == 0) {
      ++begin_;
      zeros_ = true;
      if (begin_ == end_ && !refill()) return false;
    }
    if (zeros_ || static_cast<unsigned char>(buffer_[begin_]) != 0x1F)
      throw StreamFault("there are other bytes behind its gzip data", "");
    between_ = false;
    ::inflateReset(&z_);
    return true;
  }

  z_stream z_{};
  bool between_ = false;  // a member has ended
  bool zeros_ = false;
};

class ZstdStream : public Unpacked {
 public:
  ZstdStream(std::unique_ptr<ByteStream> packed, const ExpansionLimit& limit)
      : Unpacked(std::move(packed), limit), z_(::ZSTD_createDStream()) {
    if (z_ == nullptr) throw std::bad_alloc();
  }
  ~ZstdStream() override { ::ZSTD_freeDStream(z_); }
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;

  std::size_t read(char* to, std::size_t n) override {
    ZSTD_outBuffer out{to, n, 0};
    while (out.pos == 0) {
      const bool more = refill();
      if (!more && complete_) return 0;
      ZSTD_inBuffer in{buffer_.data() + begin_, end_ - begin_, 0};
      const std::size_t rc = ::ZSTD_decompressStream(z_, &out, &in);
      begin_ += in.pos;
      if (::ZSTD_isError(rc) != 0) {
        throw StreamFault(std::string("its zstd data is damaged: ") + ::ZSTD_getErrorName(rc), "");
      }
      complete_ = rc == 0;
      if (!more && out.pos == 0 && !complete_) cut_short("zstd");
    }
    count(out.pos);
    return out.pos;
  }

 private:
  ZSTD_DStream* z_;
  bool complete_ = false;  // a frame has ended
};

}  // namespace

std::unique_ptr<ByteStream> open_stream(const TextFile& file, const ExpansionLimit& limit) {
  auto plain = std::make_unique<PlainStream>(file);
  const std::string_view begin = plain->peek(kMagicBytes);
  switch (packing_of(file.name(), begin.data(), begin.size())) {
    case Packing::gzip:
      return std::make_unique<GzipStream>(std::move(plain), limit);
    case Packing::zstd:
      return std::make_unique<ZstdStream>(std::move(plain), limit);
    case Packing::none:
      break;
  }
  return plain;
}

}  // namespace weft::corpora
