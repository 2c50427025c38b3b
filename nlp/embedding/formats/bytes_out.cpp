#include "nlp/embedding/formats/bytes_out.h"

#include <zlib.h>

#include <new>

namespace weft::nlp {

struct BytesOut::Deflate {
  z_stream z{};
  std::string out = std::string(kBuffer, '\0');
  Deflate() {
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Deflate() { deflateEnd(&z); }
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;
};

BytesOut::BytesOut(const std::filesystem::path& path) : file_(path) {
  buffer_.reserve(kBuffer + kBuffer / 4);
  if (path.extension() == ".gz") deflate_ = std::make_unique<Deflate>();
}

BytesOut::~BytesOut() = default;

void BytesOut::flush() {
  if (deflate_)
    deflate_buffer(false);
  else
    file_.write(reinterpret_cast<const std::byte*>(buffer_.data()), buffer_.size());
  buffer_.clear();
}

void BytesOut::deflate_buffer(bool finish) {
  z_stream& z = deflate_->z;
  std::string_view left = buffer_;
  do {
    const std::size_t n = std::min(left.size(), std::size_t{1} << 30);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left.data()));
    z.avail_in = static_cast<uInt>(n);
    left.remove_prefix(n);
    do {
      z.next_out = reinterpret_cast<Bytef*>(deflate_->out.data());
      z.avail_out = static_cast<uInt>(deflate_->out.size());
      deflate(&z, finish && left.empty() ? Z_FINISH : Z_NO_FLUSH);
      file_.write(reinterpret_cast<const std::byte*>(deflate_->out.data()),
                  deflate_->out.size() - z.avail_out);
    } while (z.avail_out == 0);
  } while (!left.empty());
}

void BytesOut::commit() {
  if (deflate_) {
    deflate_buffer(true);
    buffer_.clear();
  } else {
    flush();
  }
  file_.commit();
}

}  // namespace weft::nlp
