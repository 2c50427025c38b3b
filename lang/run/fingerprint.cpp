#include "lang/run/fingerprint.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

namespace weft {

namespace {

namespace fs = std::filesystem;

/// FNV-1a over words of eight bytes, each folded once more so that its high bits count too: as fast as a disk
/// reads. It tells changes, not attacks.
class Hash {
 public:
  void add(const char* bytes, std::size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
      std::uint64_t word;
      std::memcpy(&word, bytes, 8);
      mix(word);
    }
    std::uint64_t rest = count;
    std::memcpy(&rest, bytes, count);
    if (count > 0) mix(rest);
  }
  void add(const std::string& s) { add(s.data(), s.size()); }
  std::string text(std::uint64_t size) const {
    char out[48];
    std::snprintf(out, sizeof out, "%llu-%016llx", static_cast<unsigned long long>(size),
                  static_cast<unsigned long long>(h_));
    return out;
  }

 private:
  void mix(std::uint64_t word) {
    h_ = (h_ ^ word) * 1099511628211ull;
    h_ ^= h_ >> 32;
  }
  std::uint64_t h_ = 14695981039346656037ull;
};

}  // namespace

std::string fingerprint(const fs::path& path) {
  Hash hash;
  std::uint64_t size = 0;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    std::vector<std::string> entries;
    for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
      const auto bytes = entry.is_regular_file(error) ? entry.file_size(error) : 0;
      entries.push_back(entry.path().lexically_relative(path).string() + ":" + std::to_string(bytes) + "\n");
    }
    std::sort(entries.begin(), entries.end());
    for (const std::string& e : entries) hash.add(e);
    return hash.text(entries.size());
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return "";
  std::vector<char> buffer(std::size_t{1} << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    hash.add(buffer.data(), static_cast<std::size_t>(in.gcount()));
    size += static_cast<std::uint64_t>(in.gcount());
  }
  return hash.text(size);
}

}  // namespace weft
