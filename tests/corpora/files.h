#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "corpora/dataset.h"

namespace weft::corpora {

/// A directory for one test's files, gone with it.
class Files {
 public:
  Files() {
    std::string name = (std::filesystem::temp_directory_path() / "weft-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory for temporary files");
    directory_ = name;
  }
  ~Files() { std::filesystem::remove_all(directory_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  /// Writes a file and gives its path.
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path directory_;
};

inline ReaderRequest request_of(std::string reader, std::string path, std::int64_t batch, std::int64_t time) {
  ReaderRequest request;
  request.reader = std::move(reader);
  request.path = std::move(path);
  request.extents = {batch, time};
  return request;
}

/// The message of the DataError that opening gives, from behind the path; empty where there is none.
inline std::string fault_of(const ReaderRequest& request) {
  try {
    open_dataset(request);
  } catch (const DataError& error) {
    const std::string message = error.what();
    return message.rfind(request.path, 0) == 0 ? message.substr(request.path.size()) : message;
  }
  return {};
}

}  // namespace weft::corpora
