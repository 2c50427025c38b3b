#include "corpora/temp_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace weft::corpora {

namespace {

std::filesystem::path directory_of_temporary_files() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen && *chosen ? chosen : "/tmp";
}

[[noreturn]] void fail(int error, const char* what) {
  const std::string directory = directory_of_temporary_files().string();
  throw std::system_error(error, std::generic_category(),
                          std::string("a temporary file in ") + directory + " could not be " + what +
                              " (set TMPDIR to a directory with room)");
}

int open_unnamed(const std::filesystem::path& directory) {
#ifdef O_TMPFILE
  const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (file >= 0) return file;
#endif
  // Some file systems have no files without a name: one whose name goes at once does as well.
  std::string name = (directory / "weft-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

TempFile::TempFile() : file_(open_unnamed(directory_of_temporary_files())) {
  if (file_ < 0) fail(errno, "made");
}

TempFile::~TempFile() {
  if (mapped_ != nullptr) ::munmap(mapped_, size_);
  ::close(file_);
}

void TempFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) fail(put < 0 ? errno : ENOSPC, "written");
    size_ += static_cast<std::size_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void TempFile::rewrite(std::size_t piece, const std::function<void(std::span<std::byte>)>& change) {
  std::vector<std::byte> buffer;
  for (std::size_t start = 0; start < size_; start += buffer.size()) {
    buffer.resize(std::min(piece, size_ - start));
    for (std::size_t done = 0; done < buffer.size();) {
      const ssize_t got =
          ::pread(file_, buffer.data() + done, buffer.size() - done, static_cast<off_t>(start + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) fail(got < 0 ? errno : EIO, "read");
      done += static_cast<std::size_t>(got);
    }
    change(buffer);
    for (std::size_t done = 0; done < buffer.size();) {
      const ssize_t put =
          ::pwrite(file_, buffer.data() + done, buffer.size() - done, static_cast<off_t>(start + done));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) fail(put < 0 ? errno : ENOSPC, "written");
      done += static_cast<std::size_t>(put);
    }
  }
}

std::span<const std::byte> TempFile::map() {
  if (size_ > 0 && mapped_ == nullptr) {
    void* const mapped = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_, 0);
    if (mapped == MAP_FAILED) fail(errno, "mapped");
    mapped_ = mapped;
  }
  return {static_cast<const std::byte*>(mapped_), mapped_ == nullptr ? 0 : size_};
}

}  // namespace weft::corpora
