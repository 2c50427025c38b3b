#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "lang/format/format.h"
#include "lang/syntax/limits.h"
#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "tensor/safetensors_file.h"

/// `weft fmt`: sources as they are written canonically.
namespace weft::repl {

namespace {

namespace fs = std::filesystem;

/// All of it; one byte more than a source may have is enough to refuse it.
std::string read_all(std::istream& in) {
  std::string text(syntax::kLargestSource + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

int tell(const std::string& path, const std::string& what, ExitCode code) {
  std::fprintf(stderr, "weft fmt: %s: %s\n", path.c_str(), what.c_str());
  return code;
}

/// The files a path means: itself, or the sources in and below a folder, in order of their names.
std::vector<std::string> files_of(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(path, options, error);
       entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory(error)) {
      if (name.starts_with(".")) entry.disable_recursion_pending();
    } else if (entry->path().extension() == ".weft") {
      files.push_back(entry->path().string());
    }
    if (error) break;
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Fmt {
 public:
  explicit Fmt(bool check) : check_(check) {}

  int stream() {
    const std::string text = read_all(std::cin);
    const auto formatted = format_text("<stdin>", text);
    if (!formatted) return ExitCode::usage;
    if (check_) return compare("<stdin>", text, *formatted);
    std::fwrite(formatted->data(), 1, formatted->size(), stdout);
    return ExitCode::ok;
  }

  int file(const std::string& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) return tell(path, "no such file", ExitCode::usage);
    std::ifstream in(path, std::ios::binary);
    if (!in) return tell(path, "it can't be opened", ExitCode::usage);
    const std::string text = read_all(in);
    const auto formatted = format_text(path, text);
    if (!formatted) return ExitCode::usage;
    if (check_) return compare(path, text, *formatted);
    if (*formatted == text) return ExitCode::ok;
    try {
      safetensors::ReplacingFile out(path);
      out.write(reinterpret_cast<const std::byte*>(formatted->data()), formatted->size());
      out.commit();
    } catch (const std::system_error& e) {
      std::fprintf(stderr, "weft fmt: %s\n", e.what());
      return ExitCode::failed;
    }
    return ExitCode::ok;
  }

 private:
  std::optional<std::string> format_text(const std::string& name, const std::string& text) {
    Sources sources;
    const std::uint32_t file = sources.add(name, text);
    Formatted formatted = format(sources, file);
    if (formatted.diagnostics.empty()) return std::move(formatted.text);
    if (told_) std::fputs("\n", stderr);
    told_ = true;
    console_.diagnostics(formatted.diagnostics, sources);
    return std::nullopt;
  }

  static int compare(const std::string& name, const std::string& text, const std::string& formatted) {
    if (text == formatted) return ExitCode::ok;
    std::printf("%s\n", name.c_str());
    return ExitCode::failed;
  }

  Console console_;
  bool check_;
  bool told_ = false;
};

int format_all(const std::vector<std::string>& paths, bool check) {
  Fmt fmt(check);
  if (paths.empty()) return fmt.stream();
  int worst = ExitCode::ok;
  for (const std::string& path : paths) {
    if (path == "-") {
      worst = std::max(worst, fmt.stream());
      continue;
    }
    for (const std::string& file : files_of(path)) worst = std::max(worst, fmt.file(file));
  }
  return worst;
}

}  // namespace

void add_fmt(CommandLine& line) {
  CLI::App* c = add_command(line, "fmt", "Write sources in the one canonical form");
  auto paths = std::make_shared<std::vector<std::string>>();
  auto check = std::make_shared<bool>(false);
  c->add_option("FILES", *paths,
                "Sources, rewritten in place; folders with all .weft files below them; - or nothing: from "
                "standard input to standard output");
  c->add_flag("--check", *check, "Change nothing; list what would change, and fail if anything would");
  c->footer("A source with faults of syntax is left as it is, and the exit status is 2.");
  c->callback([paths, check, &line] { line.run = [paths, check] { return format_all(*paths, *check); }; });
}

}  // namespace weft::repl
