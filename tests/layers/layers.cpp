#include "tests/layers/layers.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string_view>

namespace weft::layers {
namespace fs = std::filesystem;

namespace {

/// Headers that only some files may include.
struct Door {
  std::string library;
  std::regex header;
  std::regex allowed;  // paths from the root
  std::string where;   // the same in words
};

const std::vector<Door>& doors() {
  static const std::vector<Door> all = [] {
    const auto door = [](std::string library, const char* header, const char* allowed, std::string where) {
      return Door{std::move(library), std::regex(header), std::regex(allowed), std::move(where)};
    };
    return std::vector<Door>{
        door("Boost.Spirit", "boost/(spirit|fusion)/.*", R"(lang/syntax/(parsers\.h|[^/]*\.cpp))",
             "lang/syntax/*.cpp and parsers.h"),
        // The parallel algorithms of <execution> are oneTBB's too.
        door("oneTBB", "(oneapi/)?tbb/.*|execution", R"(kernels/team_tbb\.cpp)", "kernels/team_tbb.cpp"),
        door("CUDA",
             "(cuda|cublas|cudnn|curand|cufft|cusparse|nvrtc|nvtx|nccl|cooperative_groups|thrust|cub/).*",
             "kernels/cuda/.*", "kernels/cuda/"),
        door("ICU", "unicode/.*", "nlp/text/.*", "nlp/text/"),
        door("SentencePiece", "sentencepiece.*", "nlp/text/.*", "nlp/text/"),
        door("BLAS", "(openblas/)?(cblas|openblas_config|f77blas)[^/]*", "kernels/.*", "kernels/"),
    };
  }();
  return all;
}

std::optional<std::size_t> layer_of(std::string_view path) {
  const auto folder = path.substr(0, path.find('/'));
  if (folder.size() == path.size()) return {};
  const auto at = std::find(order().begin(), order().end(), folder);
  if (at == order().end()) return {};
  return static_cast<std::size_t>(at - order().begin());
}

/// What is wrong with `#include "header"` in `file`; empty: nothing.
std::string fault_of_own_header(const std::string& file, const std::string& header) {
  if (file.starts_with("kernels/") && header == "tensor/ops.def") return {};
  const auto to = layer_of(header);
  if (!to) return "includes \"" + header + "\", which is not written as LAYER/FILE from the root";
  const auto from = *layer_of(file);
  if (*to > from)
    return order()[from] + " includes " + order()[*to] + ", a layer above it (\"" + header + "\")";
  return {};
}

std::string fault_of_library_header(const std::string& file, const std::string& header) {
  for (const auto& door : doors()) {
    if (std::regex_match(header, door.header) && !std::regex_match(file, door.allowed)) {
      return "includes <" + header + ">: " + door.library + " is for " + door.where + " alone";
    }
  }
  return {};
}

class Check {
 public:
  explicit Check(fs::path root) : root_(std::move(root)) {}

  void source(const std::string& file) {
    static const std::regex include(R"(\s*#\s*include\s*(["<])([^">]+)[">].*)");
    for_each_line(file, [&](const std::string& line) {
      std::smatch match;
      if (!std::regex_match(line, match, include)) return std::string();
      const std::string header = match[2];
      const auto fault = match[1] == "\"" ? fault_of_own_header(file, header) : std::string();
      return fault.empty() ? fault_of_library_header(file, header) : fault;
    });
  }

  void cmake(const std::string& file) {
    static const std::regex target(R"(\bweft_([a-z]+)\b)");
    const auto from = *layer_of(file);
    for_each_line(file, [&](const std::string& line) {
      const auto code = line.substr(0, line.find('#'));
      for (std::sregex_iterator at(code.begin(), code.end(), target), end; at != end; ++at) {
        const auto to = layer_of((*at)[1].str() + "/");
        if (to && *to > from) return order()[from] + " links " + order()[*to] + ", a layer above it";
      }
      return std::string();
    });
  }

  std::vector<std::string> take() { return std::move(faults_); }

 private:
  template <class F>
  void for_each_line(const std::string& file, F fault_of) {
    std::ifstream in(root_ / file);
    if (!in) throw std::runtime_error("[layers] can't read " + file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      const auto fault = fault_of(line);
      if (!fault.empty()) faults_.push_back(file + ":" + std::to_string(number) + ": " + fault);
    }
  }

  fs::path root_;
  std::vector<std::string> faults_;
};

bool is_source(const fs::path& path) {
  static constexpr std::array<std::string_view, 8> kExtensions{".h",  ".hpp", ".c",   ".cpp",
                                                               ".cu", ".cuh", ".def", ".inc"};
  return std::find(kExtensions.begin(), kExtensions.end(), path.extension().string()) != kExtensions.end();
}

}  // namespace

const std::vector<std::string>& order() {
  static const std::vector<std::string> folders{"kernels", "tensor", "nlp", "corpora",
                                                "modules", "lang",   "repl"};
  return folders;
}

std::vector<std::string> check(const fs::path& root) {
  std::vector<std::string> files;
  for (const auto& folder : order()) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(root).generic_string());
    }
  }
  std::sort(files.begin(), files.end());

  Check run(root);
  for (const auto& file : files) {
    if (fs::path(file).filename() == "CMakeLists.txt") {
      run.cmake(file);
    } else if (is_source(file)) {
      run.source(file);
    }
  }
  return run.take();
}

}  // namespace weft::layers
