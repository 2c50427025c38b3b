#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tensor/safetensors_file.h"

namespace weft::nlp {

/// The next contents of a file, gathered and written in large pieces under a temporary name; gzip where the
/// name ends in `.gz`. In its place with commit(). Errors: std::system_error with the path.
class BytesOut {
 public:
  explicit BytesOut(const std::filesystem::path& path);
  ~BytesOut();
  BytesOut(const BytesOut&) = delete;
  BytesOut& operator=(const BytesOut&) = delete;

  void write(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() >= kBuffer) flush();
  }
  void write(const void* from, std::size_t bytes) { write({static_cast<const char*>(from), bytes}); }
  /// A number as it lies in memory: little-endian.
  template <class T>
  void number(T value) {
    write(&value, sizeof value);
  }
  void commit();

 private:
  struct Deflate;
  static constexpr std::size_t kBuffer = std::size_t{1} << 20;
  void flush();
  void deflate_buffer(bool finish);

  safetensors::ReplacingFile file_;
  std::string buffer_;
  std::unique_ptr<Deflate> deflate_;
};

}  // namespace weft::nlp
