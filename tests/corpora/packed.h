#pragma once

#include <zlib.h>
#include <zstd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace weft::corpora {

/// `text` as gzip packs it.
inline std::string gzipped(std::string_view text) {
  z_stream z{};
  if (::deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string packed(::deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(packed.data());
  z.avail_out = static_cast<uInt>(packed.size());
  if (::deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::logic_error("deflate");
  packed.resize(z.total_out);
  ::deflateEnd(&z);
  return packed;
}

/// `text` as zstd packs it, one frame.
inline std::string zstd_packed(std::string_view text) {
  std::string packed(::ZSTD_compressBound(text.size()), '\0');
  const std::size_t n = ::ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
  if (::ZSTD_isError(n) != 0) throw std::logic_error("zstd");
  packed.resize(n);
  return packed;
}

}  // namespace weft::corpora
