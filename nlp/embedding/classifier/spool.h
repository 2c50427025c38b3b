#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace weft::nlp {

/// Bytes that are collected once and then read and changed in place, by several threads: in memory while they
/// are few, else in a file without a name in $TMPDIR (or /tmp), whose pages the system can take back. So a
/// corpus is never all in memory. Throws std::system_error, which names the folder, for a file that can't be
/// made or written.
class Spool {
 public:
  /// kept: how many bytes stay in memory.
  explicit Spool(std::size_t kept = std::size_t{64} << 20) : kept_(kept) {}
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Where the bytes will lie.
  std::uint64_t append(std::span<const std::byte> bytes);
  /// All of them; nothing may be appended after.
  std::byte* seal();
  std::uint64_t size() const { return size_; }

 private:
  void write(const std::byte* from, std::size_t n);

  const std::size_t kept_;
  std::mutex mutex_;
  std::vector<std::byte> memory_;
  int file_ = -1;
  void* mapped_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace weft::nlp
