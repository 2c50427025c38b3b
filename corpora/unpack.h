#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "corpora/text_files.h"

namespace weft::corpora {

/// What is wrong with a file's packing, or with reading it on; who reads knows the line.
class StreamFault : public std::runtime_error {
 public:
  StreamFault(const std::string& what, std::string hint) : std::runtime_error(what), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

/// The bytes of a file from front to back, unpacked where it begins as gzip or zstd do. Memory is bounded
/// whatever the file holds: buffers of 128 KiB and what the packing itself needs (gzip 32 KiB, zstd up to its
/// window of at most 128 MiB).
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Up to n bytes; 0 only at the end. Throws StreamFault for packed data that is cut short or damaged.
  virtual std::size_t read(char* to, std::size_t n) = 0;
  /// Bytes of the file itself that were read so far.
  virtual std::int64_t taken() const = 0;
};

/// `most_expansion`: how many times the size of what was read may come out of it; a packed file that gives
/// more (and more than `always_allowed` bytes) is a StreamFault: a few kilobytes can hold terabytes.
struct ExpansionLimit {
  double most_expansion = 200;
  std::int64_t always_allowed = std::int64_t{16} << 20;
};

/// Throws DataError for a file that can't be opened or is packed otherwise.
std::unique_ptr<ByteStream> open_stream(const TextFile& file, const ExpansionLimit& limit);

}  // namespace weft::corpora
