#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

/// Files of bytes, read and replaced whole.
namespace weft::safetensors {

/// A regular file open for reading. Faults are ModelFileErrors that begin with its path.
class File {
 public:
  explicit File(const std::filesystem::path& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::uint64_t size() const { return size_; }
  /// Exactly `bytes` bytes from `offset`.
  void read(std::byte* to, std::uint64_t bytes, std::uint64_t offset) const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// The next contents of a file, written beside it under a temporary name and put in its place by commit().
/// Without commit the temporary file goes and an older file stays as it was. Faults are std::system_errors
/// with the path.
class ReplacingFile {
 public:
  explicit ReplacingFile(const std::filesystem::path& path);
  ~ReplacingFile();
  ReplacingFile(const ReplacingFile&) = delete;
  ReplacingFile& operator=(const ReplacingFile&) = delete;

  void write(const std::byte* from, std::uint64_t bytes);
  /// Syncs the file, renames it, syncs the directory.
  void commit();

 private:
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path path_;    // as asked for, in messages
  std::filesystem::path target_;  // symbolic links followed
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

}  // namespace weft::safetensors
