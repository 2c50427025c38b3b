#include "nlp/embedding/classifier/spool.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace weft::nlp {

namespace {

std::string folder() {
  const char* named = std::getenv("TMPDIR");
  return named && *named ? named : "/tmp";
}

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(
      errno, std::generic_category(),
      "temporary file in " + folder() + " can't be " + what + "; TMPDIR names another folder");
}

int make_file() {
  std::string name = folder() + "/weft-XXXXXX";
  const int file = mkstemp(name.data());
  if (file < 0) fail("made");
  unlink(name.c_str());
  return file;
}

}  // namespace

Spool::~Spool() {
  if (mapped_) munmap(mapped_, size_);
  if (file_ >= 0) close(file_);
}

void Spool::write(const std::byte* from, std::size_t n) {
  while (n > 0) {
    const ssize_t done = ::write(file_, from, n);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("written");
    from += done;
    n -= static_cast<std::size_t>(done);
  }
}

std::uint64_t Spool::append(std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t at = size_;
  if (file_ < 0 && size_ + bytes.size() > kept_) {
    file_ = make_file();
    write(memory_.data(), memory_.size());
    memory_ = {};
  }
  if (file_ < 0) {
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  } else {
    write(bytes.data(), bytes.size());
  }
  size_ += bytes.size();
  return at;
}

std::byte* Spool::seal() {
  if (file_ < 0) return memory_.data();
  if (!mapped_) {
    mapped_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (mapped_ == MAP_FAILED) {
      mapped_ = nullptr;
      fail("mapped");
    }
  }
  return static_cast<std::byte*>(mapped_);
}

}  // namespace weft::nlp
