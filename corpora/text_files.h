#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::corpora {

/// How a file's bytes are packed, told by how they begin.
enum class Packing : std::uint8_t { none, gzip, zstd };

/// A file that a text comes from.
struct TextFile {
  std::string path;          // as it was asked for, or as a pattern gave it; "-": the standard input
  bool regular = false;      // can be read again, and from anywhere; else a pipe, read once
  std::int64_t bytes = 0;    // of a regular file
  std::string name() const;  // for messages
};

/// The files that a path stands for: itself; "-", the standard input; or, where no file is called so and it
/// holds one of * ? [ {, all files that match it, in byte order ("news/*.txt.gz", "{train,more}.txt"). Throws
/// DataError for what is missing, with the nearest name in its folder, for a directory, and for a file that
/// may not be read.
std::vector<TextFile> files_of(const std::string& path);

/// Opens a file for reading; the caller closes. Throws DataError.
int open_file(const TextFile& file);

/// Reads up to n bytes at an offset; fewer only at the end. Throws DataError.
std::size_t read_at(int descriptor, const TextFile& file, char* to, std::size_t n, std::int64_t offset);

/// What a file that begins so is packed with. Throws DataError for a packing or an encoding that is none of
/// ours (xz, bzip2, zip, UTF-16), with what to do about it.
Packing packing_of(const std::string& name, const char* begin, std::size_t n);
inline constexpr std::size_t kMagicBytes = 8;  // how many of them tell

}  // namespace weft::corpora
