#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/catch2.h"
#include "tests/fuzz/source_faults.h"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = WEFT_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> sources_below(const char* folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    if (entry.path().extension() == ".weft") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool parses(const std::string& source) {
  weft::Sources sources;
  return weft::parse(sources, sources.add("x", source)).diagnostics.empty();
}

/// What stands between ```weft and ``` in a page.
std::vector<std::string> examples(const fs::path& page) {
  constexpr std::string_view begin = "```weft\n", end = "```";
  const std::string text = read(page);
  std::vector<std::string> found;
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    const auto close = text.find(end, at);
    found.push_back(text.substr(at, close - at));
    at = close + end.size();
  }
  return found;
}

}  // namespace

TEST_CASE("formatting keeps the tree, the tokens and the comments of every script, and is settled at once") {
  int formatted = 0;
  for (const char* folder : {"tests/scripts", "lang/std"}) {
    for (const fs::path& path : sources_below(folder)) {
      const std::string source = read(path);
      INFO(path.string());
      CHECK(weft::fuzz::format_faults(source) == "");
      formatted += parses(source) ? 1 : 0;
    }
  }
  CHECK(formatted > 100);  // the rest are scripts with faults
}

TEST_CASE("formatting keeps the examples of the pages") {
  int formatted = 0;
  for (const auto& page : fs::directory_iterator(kRoot / "docs")) {
    if (page.path().extension() != ".md") continue;
    for (const std::string& source : examples(page.path())) {
      INFO(page.path().string() << "\n" << source);
      CHECK(weft::fuzz::format_faults(source) == "");
      formatted += parses(source) ? 1 : 0;
    }
  }
  CHECK(formatted > 5);
}

TEST_CASE("the library and the recipes are written as the formatter writes them") {
  for (const fs::path& path : sources_below("lang/std")) {
    const std::string source = read(path);
    weft::Sources sources;
    INFO("mend it with: weft fmt " << fs::relative(path, kRoot).string());
    const bool canonical = weft::format(sources, sources.add(path.string(), source)).text == source;
    CHECK(canonical);
  }
}

// What the fuzzer found once.
TEST_CASE("no source disturbs parser, formatter or checker") {
  int read_files = 0;
  for (const auto& entry : fs::directory_iterator(kRoot / "tests/fuzz/regressions")) {
    INFO(entry.path().string());
    CHECK(weft::fuzz::source_faults(read(entry.path())) == "");
    ++read_files;
  }
  CHECK(read_files > 0);
}
