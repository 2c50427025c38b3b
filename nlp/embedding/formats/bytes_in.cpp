#include "nlp/embedding/formats/bytes_in.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "nlp/embedding/formats/embedding_file.h"

namespace weft::nlp {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
/// Vectors as text shrink to a third, seldom to a twentieth; a file of zeros made to fill the memory shrinks
/// to a thousandth.
constexpr std::size_t kLargestGrowth = 200;

struct Descriptor {
  int number;
  ~Descriptor() { ::close(number); }
};

[[noreturn]] void fail_system(const std::string& name, const char* what) {
  const int error = errno;
  throw std::system_error(error, std::generic_category(), name + ": " + what);
}

bool is_gzip(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

}  // namespace

BytesIn::BytesIn(const std::filesystem::path& path) : name_(path.string()) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) fail(std::string("can't be opened: ") + std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) fail_system(name_, "can't be opened");
  if (S_ISDIR(status.st_mode)) fail("expected a file of word vectors, found a directory");
  if (S_ISREG(status.st_mode) && status.st_size > 0) {
    mapped_bytes_ = static_cast<std::size_t>(status.st_size);
    mapped_ = ::mmap(nullptr, mapped_bytes_, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (mapped_ == MAP_FAILED) {
      mapped_ = nullptr;
      fail_system(name_, "can't be mapped");
    }
    ::madvise(mapped_, mapped_bytes_, MADV_SEQUENTIAL);
    bytes_ = {static_cast<const char*>(mapped_), mapped_bytes_};
  } else if (!S_ISREG(status.st_mode)) {
    read_all(file.number);
  }
  if (is_gzip(bytes_)) inflate_all();
}

BytesIn::~BytesIn() {
  unmap();
}

void BytesIn::unmap() {
  if (mapped_) ::munmap(mapped_, mapped_bytes_);
  mapped_ = nullptr;
}

void BytesIn::read_all(int descriptor) {
  for (std::size_t end = 0;;) {
    held_.resize(end + kPiece);
    const ssize_t got = ::read(descriptor, held_.data() + end, kPiece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_system(name_, "can't be read");
    end += static_cast<std::size_t>(got);
    held_.resize(end);
    if (got == 0) break;
  }
  bytes_ = held_;
}

void BytesIn::inflate_all() {
  const std::string_view packed = bytes_;
  const std::size_t most = packed.size() * kLargestGrowth + (std::size_t{64} << 20);
  std::string out;
  z_stream z{};
  if (inflateInit2(&z, 15 + 16) != Z_OK) throw std::bad_alloc();
  struct End {
    z_stream* z;
    ~End() { inflateEnd(z); }
  } const end{&z};
  std::size_t taken = 0, made = 0;
  int state = Z_OK;
  for (;;) {
    if (z.avail_in == 0 && taken < packed.size()) {
      const std::size_t n = std::min(kPiece, packed.size() - taken);
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));
      z.avail_in = static_cast<uInt>(n);
      taken += n;
    }
    if (state == Z_STREAM_END) {  // another member may follow
      if (z.avail_in == 0) break;
      if (inflateReset(&z) != Z_OK) throw std::bad_alloc();
    }
    if (out.size() - made < kPiece) out.resize(std::max(made + kPiece, std::min(made * 2, most)));
    const std::size_t room = std::min(out.size() - made, std::size_t{1} << 30);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + made);
    z.avail_out = static_cast<uInt>(room);
    state = inflate(&z, Z_NO_FLUSH);
    made += room - z.avail_out;
    if (state == Z_BUF_ERROR && z.avail_in == 0 && taken == packed.size())
      fail("the gzip file is cut short", "fetch it again, and check with `gzip -t`");
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
      fail(std::string("the gzip file is damaged: ") + (z.msg ? z.msg : "its data is no deflate stream"),
           "fetch it again, and check with `gzip -t`");
    if (made > most)
      fail("the gzip file grows to more than " + std::to_string(kLargestGrowth) + " times its size",
           "unpack it first, if it is meant to");
  }
  out.resize(made);
  unmap();
  held_ = std::move(out);
  bytes_ = held_;
}

void BytesIn::fail(const std::string& what, const std::string& hint) const {
  throw EmbeddingFileError(name_ + ": " + what + (hint.empty() ? "" : " (" + hint + ")"));
}

void BytesIn::fail_at_line(std::int64_t line, const std::string& what, const std::string& hint) const {
  throw EmbeddingFileError(name_ + ":" + std::to_string(line) + ": " + what +
                           (hint.empty() ? "" : " (" + hint + ")"));
}

void BytesIn::fail_at_byte(std::size_t offset, const std::string& what, const std::string& hint) const {
  fail("byte " + std::to_string(offset) + ": " + what, hint);
}

}  // namespace weft::nlp
