#include "corpora/temp_file.h"

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "tests/catch2.h"
#include "tests/corpora/files.h"

using namespace weft::corpora;

TEST_CASE("temporary array: pushed, rewritten, read") {
  const std::int64_t n = 300000;  // more than one buffer, and no multiple of it
  TempArray<std::int32_t> array;
  for (std::int64_t i = 0; i < n; ++i) array.push(static_cast<std::int32_t>(i));
  array.rewrite([](std::int32_t x) { return 2 * x + 1; });
  array.seal();
  REQUIRE(array.size() == n);
  std::int64_t wrong = 0;
  for (std::int64_t i = 0; i < n; ++i) wrong += array[i] == 2 * i + 1 ? 0 : 1;
  CHECK(wrong == 0);

  TempArray<std::int64_t> empty;
  empty.rewrite([](std::int64_t x) { return x; });
  empty.seal();
  CHECK(empty.size() == 0);
}

namespace {

/// Sets TMPDIR and the largest file this process may write; puts both back.
class Limits {
 public:
  Limits(const std::string& directory, rlim_t bytes) {
    const char* const before = std::getenv("TMPDIR");
    if (before != nullptr) before_ = before;
    ::setenv("TMPDIR", directory.c_str(), 1);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit lowered{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lowered);
  }
  ~Limits() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, handler_);
    if (before_.empty()) {
      ::unsetenv("TMPDIR");
    } else {
      ::setenv("TMPDIR", before_.c_str(), 1);
    }
  }

 private:
  std::string before_;
  rlimit limit_{};
  void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("temporary array: a file that can't grow says where and what to do") {
  const Files files;
  const std::string directory = files.path("");
  std::string message;
  {
    const Limits limits(directory, 1 << 20);
    TempArray<std::int32_t> array;
    try {
      for (int i = 0; i < 1000000; ++i) array.push(i);
    } catch (const std::system_error& error) {
      message = error.what();
    }
  }
  CHECK(message.find("a temporary file in " + directory + " could not be written (set TMPDIR") !=
        std::string::npos);
  CHECK(std::filesystem::is_empty(directory));
}

TEST_CASE("temporary array: without a directory it can't be made") {
  const Files files;
  const Limits limits(files.path("missing"), RLIM_INFINITY);
  CHECK_THROWS_AS(TempFile(), std::system_error);
}
