#include "corpora/text_files.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>

#include "corpora/dataset.h"
#include "nlp/text/edit_distance.h"

namespace weft::corpora {

namespace {

constexpr std::size_t kNamesLookedAt = 10'000;  // of a folder, for the nearest one

/// The name in the same folder that is nearest to a missing file's; empty: none is near.
std::string nearest_file(const std::string& path) {
  const std::filesystem::path wanted(path);
  const auto folder = wanted.has_parent_path() ? wanted.parent_path() : std::filesystem::path(".");
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator() && names.size() < kNamesLookedAt;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const std::string near = nlp::nearest_name(wanted.filename().string(), names);
  return near.empty() || !wanted.has_parent_path() ? near : (wanted.parent_path() / near).string();
}

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    const std::string near = nearest_file(path);
    throw DataError(
        path, 0, "no such file",
        near.empty() ? "a relative path starts at the working directory" : "did you mean " + near + "?");
  }
  throw DataError(path, 0, std::string("can't be opened: ") + std::strerror(error),
                  error == EACCES ? "check the file's permissions" : "");
}

/// What is known of a file without reading it. A pipe isn't opened: that would wait for its writer.
TextFile looked_at(const std::string& path) {
  TextFile file{path, false, 0};
  struct stat status {};
  const int found = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  if (found != 0) fail_to_open(path, errno);
  if (S_ISDIR(status.st_mode)) {
    throw DataError(
        file.name(), 0, "is a directory",
        "give the path of a text file, or a pattern: " + (std::filesystem::path(path) / "*.txt").string());
  }
  file.regular = S_ISREG(status.st_mode);
  file.bytes = file.regular ? static_cast<std::int64_t>(status.st_size) : 0;
  if (file.regular && path != "-") ::close(open_file(file));
  return file;
}

}  // namespace

std::string TextFile::name() const {
  return path == "-" ? "<stdin>" : path;
}

std::vector<TextFile> files_of(const std::string& path) {
  struct stat status {};
  const bool pattern = path.find_first_of("*?[{") != std::string::npos;
  if (!pattern || path == "-" || ::stat(path.c_str(), &status) == 0) return {looked_at(path)};
  glob_t found{};
  const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, ::globfree);
  const int rc = ::glob(path.c_str(), GLOB_BRACE | GLOB_TILDE | GLOB_NOSORT, nullptr, &found);
  if (rc != 0 && rc != GLOB_NOMATCH) throw DataError(path, 0, "the files it stands for can't be listed");
  std::vector<std::string> names(found.gl_pathv, found.gl_pathv + (rc == 0 ? found.gl_pathc : 0));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<TextFile> files;
  for (const std::string& name : names) {
    if (::stat(name.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
    files.push_back(looked_at(name));
  }
  if (files.empty()) {
    throw DataError(path, 0, "no file is called so, and none matches it as a pattern",
                    "a relative path starts at the working directory");
  }
  return files;
}

int open_file(const TextFile& file) {
  const int descriptor =
      file.path == "-" ? ::dup(STDIN_FILENO) : ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_to_open(file.path, errno);
  return descriptor;
}

std::size_t read_at(int descriptor, const TextFile& file, char* to, std::size_t n, std::int64_t offset) {
  std::size_t done = 0;
  while (done < n) {
    const ssize_t got = ::pread(descriptor, to + done, n - done,
                                static_cast<off_t>(offset + static_cast<std::int64_t>(done)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(file.name(), 0, std::string("can't be read: ") + std::strerror(errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Packing packing_of(const std::string& name, const char* begin, std::size_t n) {
  using namespace std::literals;
  const std::string_view bytes(begin, n);
  if (bytes.starts_with("\x1F\x8B"sv)) return Packing::gzip;
  if (bytes.starts_with("\x28\xB5\x2F\xFD"sv)) return Packing::zstd;
  if (n >= 4 && (begin[0] & 0xF0) == 0x50 && bytes.substr(1, 3) == "\x2A\x4D\x18"sv) return Packing::zstd;
  const auto refuse = [&](const char* what, const std::string& hint) {
    throw DataError(name, 0, std::string("is ") + what + ", which is not read", hint);
  };
  if (bytes.starts_with("\xFD"
                        "7zXZ"sv))
    refuse("packed by xz", "unpack it, or pipe it in: xz -dc FILE | weft .. -");
  if (bytes.starts_with("BZh"sv) && n >= 8 && bytes.substr(4, 4) == "1AY&"sv)
    refuse("packed by bzip2", "unpack it, or pipe it in: bzip2 -dc FILE | weft .. -");
  if (bytes.starts_with("PK\x03\x04"sv)) refuse("a zip archive", "unpack it: unzip FILE");
  if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv))
    refuse("text in UTF-16", "convert it, as with: iconv -f UTF-16 -t UTF-8");
  return Packing::none;
}

}  // namespace weft::corpora
