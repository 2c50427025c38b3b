#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace weft::nlp {

/// The bytes of a file: mapped where it is a regular one, read where it is a pipe, inflated where it is
/// gzip's.
class BytesIn {
 public:
  /// Errors: std::system_error where it can't be read; EmbeddingFileError for what can't be opened, for a
  /// directory, for gzip
  /// that is faulty or cut short, and for gzip that grows beyond all measure.
  explicit BytesIn(const std::filesystem::path& path);
  /// Bytes that lie in memory, by a name for messages.
  BytesIn(std::string_view bytes, std::string name) : name_(std::move(name)), bytes_(bytes) {}
  ~BytesIn();
  BytesIn(const BytesIn&) = delete;
  BytesIn& operator=(const BytesIn&) = delete;

  std::string_view bytes() const { return bytes_; }
  const std::string& name() const { return name_; }

  /// "NAME: what (hint)", "NAME:LINE: ..", "NAME: byte N: ..", as EmbeddingFileError.
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;
  [[noreturn]] void fail_at_line(std::int64_t line, const std::string& what,
                                 const std::string& hint = {}) const;
  [[noreturn]] void fail_at_byte(std::size_t offset, const std::string& what,
                                 const std::string& hint = {}) const;

 private:
  void read_all(int descriptor);
  void inflate_all();
  void unmap();

  std::string name_;
  std::string_view bytes_;
  std::string held_;  // what was read or inflated
  void* mapped_ = nullptr;
  std::size_t mapped_bytes_ = 0;
};

}  // namespace weft::nlp
