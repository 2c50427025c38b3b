#include "tensor/safetensors_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "tensor/safetensors.h"

namespace weft::safetensors {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPiece = std::uint64_t{1} << 30;  // read and write take no more than 2 GiB at once

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

File::File(const fs::path& path) : path_(path) {
  // Without O_NONBLOCK a pipe that nobody writes to would hang here.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail("can't be opened: " + reason(errno));
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail(std::string("expected a safetensors file, found ") +
         (S_ISDIR(status.st_mode) ? "a directory" : "no regular file"));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

File::~File() {
  ::close(descriptor_);
}

void File::read(std::byte* to, std::uint64_t bytes, std::uint64_t offset) const {
  while (bytes > 0) {
    const ssize_t got = ::pread(descriptor_, to, std::min(bytes, kPiece), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("can't be read: " + reason(errno));
    if (got == 0)
      fail("expected " + std::to_string(offset + bytes) + " bytes, found the end at " +
           std::to_string(offset));
    to += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::uint64_t>(got);
  }
}

void File::fail(const std::string& what) const {
  throw ModelFileError(path_.string() + ": " + what);
}

ReplacingFile::ReplacingFile(const fs::path& path) : path_(path), target_(path) {
  std::error_code absent, error;
  if (fs::is_symlink(path, absent)) target_ = fs::weakly_canonical(path, error);
  if (error) throw std::system_error(error, path_.string() + ": can't be written");
  struct stat old {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode)) {
    throw std::system_error(
        std::make_error_code(S_ISDIR(old.st_mode) ? std::errc::is_a_directory : std::errc::invalid_argument),
        path_.string() + ": can't be written: expected a regular file or none");
  }
  // The short name leaves room where the target's own name is as long as names may be.
  const std::string stem = ".weft-" + std::to_string(::getpid()) + "-";
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    temporary_ = target_.parent_path() / (stem + std::to_string(attempt) + ".tmp");
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && (errno != EEXIST || attempt == 1000)) fail("can't be written");
  }
  // A file's permissions outlast a new save; where that is not allowed, the usual ones serve.
  if (replaces && ::fchmod(descriptor_, old.st_mode & 07777) != 0) errno = 0;
}

ReplacingFile::~ReplacingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void ReplacingFile::write(const std::byte* from, std::uint64_t bytes) {
  while (bytes > 0) {
    const ssize_t put = ::write(descriptor_, from, std::min(bytes, kPiece));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("can't be written");
    from += put;
    bytes -= static_cast<std::uint64_t>(put);
  }
}

void ReplacingFile::commit() {
  if (::fsync(descriptor_) != 0) fail("can't be written to disk");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) fail("can't be written to disk");
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("can't be put in place");
  temporary_.clear();
  // From here the new file is whole; the sync makes its name last through a power cut. Some file systems
  // can't.
  const fs::path directory = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  const int folder = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  const int synced = ::fsync(folder);
  const int error = errno;
  ::close(folder);
  if (synced != 0 && error != EINVAL && error != ENOTSUP) {
    throw std::system_error(error, std::generic_category(),
                            path_.string() + ": its directory can't be synced");
  }
}

void ReplacingFile::fail(const char* what) const {
  const int error = errno;
  throw std::system_error(error, std::generic_category(), path_.string() + ": " + what);
}

}  // namespace weft::safetensors
