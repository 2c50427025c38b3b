#include "nlp/embedding/train/token_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace weft::nlp {

namespace {

std::string temporary_directory() {
  const char* const given = std::getenv("TMPDIR");
  return given != nullptr && *given != '\0' ? given : "/tmp";
}

[[noreturn]] void fail(const char* what) {
  const int error = errno;
  throw std::system_error(error, std::generic_category(),
                          "the corpus' tokens can't be " + std::string(what) + " in " +
                              temporary_directory() + " (TMPDIR says where)");
}

int unnamed_file() {
  const std::string directory = temporary_directory();
  int file = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {  // not every file system has those
    std::string name = directory + "/weft-XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) unlink(name.c_str());
  }
  if (file < 0) fail("kept");
  return file;
}

}  // namespace

TokenStore::TokenStore(std::int64_t bytes_in_memory) : room_(bytes_in_memory / 4) {}

TokenStore::~TokenStore() {
  if (file_ >= 0) close(file_);
}

void TokenStore::add(std::int64_t block, std::vector<std::uint32_t> tokens,
                     const std::vector<std::uint32_t>& chunk_ends) {
  const auto count = static_cast<std::int64_t>(tokens.size());
  std::int64_t at = 0;
  std::int32_t held = -1;
  {
    const std::lock_guard lock(mutex_);
    if (tokens_ + count <= room_) {
      held = static_cast<std::int32_t>(held_.size());
    } else {
      if (file_ < 0) file_ = unnamed_file();
      at = written_;
      written_ += count;
    }
    tokens_ += count;
    std::uint32_t begin = 0;
    for (std::size_t c = 0; c < chunk_ends.size(); ++c) {
      chunks_.push_back({block, static_cast<std::int64_t>(c), at + begin, chunk_ends[c] - begin, held});
      begin = chunk_ends[c];
    }
    if (held >= 0) {
      held_.push_back(std::move(tokens));
      return;
    }
  }
  const auto* from = reinterpret_cast<const char*>(tokens.data());
  auto left = static_cast<std::size_t>(count) * 4;
  for (auto offset = static_cast<off_t>(at) * 4; left > 0;) {
    const ssize_t n = pwrite(file_, from, left, offset);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("written");
    from += n;
    offset += n;
    left -= static_cast<std::size_t>(n);
  }
}

void TokenStore::finish() {
  std::sort(chunks_.begin(), chunks_.end(), [](const Chunk& a, const Chunk& b) {
    return a.block != b.block ? a.block < b.block : a.before < b.before;
  });
  std::int64_t before = 0;
  for (Chunk& c : chunks_) {
    c.before = before;
    before += c.count;
  }
}

std::span<const std::uint32_t> TokenStore::chunk(std::int64_t chunk,
                                                 std::vector<std::uint32_t>& buffer) const {
  const Chunk& c = chunks_[static_cast<std::size_t>(chunk)];
  if (c.held >= 0) return {held_[static_cast<std::size_t>(c.held)].data() + c.at, c.count};
  buffer.resize(c.count);
  auto* to = reinterpret_cast<char*>(buffer.data());
  auto left = std::size_t{c.count} * 4;
  for (auto offset = static_cast<off_t>(c.at) * 4; left > 0;) {
    const ssize_t n = pread(file_, to, left, offset);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("read");
    to += n;
    offset += n;
    left -= static_cast<std::size_t>(n);
  }
  return buffer;
}

}  // namespace weft::nlp
