#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lang/check/elaborator.h"
#include "lang/check/suggest.h"
#include "lang/std/library.h"
#include "lang/syntax/parse.h"

/// `import`: the statements of another file, once.
namespace weft::check {

void Elaborator::read(const ast::Import& d, Span span) {
  if (d.standard) {
    for (const StandardSource& s : standard_library()) {
      if (s.name == d.path) return;  // always there
    }
    std::vector<std::string> names;
    for (const StandardSource& s : standard_library()) names.emplace_back(s.name);
    const std::string near = nearest(d.path, names);
    fail(code::unknown_library, span, "there is no library `" + d.path + "`", "not found",
         near.empty() ? "there is " + listed(names) : "did you mean `" + near + "`?");
    return;
  }
  namespace fs = std::filesystem;
  const std::string from = source_name(span.file);
  const std::string path = (fs::path(from).parent_path() / d.path).lexically_normal().string();
  const bool outermost = importing_.empty();
  if (outermost) importing_.push_back(fs::path(from).lexically_normal().string());
  if (const auto first = std::find(importing_.begin(), importing_.end(), path); first != importing_.end()) {
    std::string cycle;
    std::vector<Note> notes;
    for (auto p = first; p != importing_.end(); ++p) {
      cycle += *p + " -> ";
      const auto next = static_cast<std::size_t>(p - importing_.begin());
      if (next < import_spans_.size())
        notes.push_back({import_spans_[next], "imports \"" + importing_[next + 1] + "\""});
    }
    fail(code::import_cycle, span, "files import each other in a circle", cycle + path,
         "leave this import out: \"" + path + "\" is being read already", std::move(notes), Fix{span, ""});
    if (outermost) importing_.clear();
    return;
  }
  importing_.push_back(path);
  import_spans_.push_back(span);
  read_file(path, span);
  import_spans_.pop_back();
  importing_.pop_back();
  if (outermost) importing_.clear();
}

void Elaborator::read_file(const std::string& path, Span span) {
  if (!imports_.insert(path).second) return;
  std::string content;
  if (const auto known = options_.files.find(path); known != options_.files.end()) {
    content = known->second;
  } else {
    std::ifstream in;
    if (!options_.files_only) in.open(path, std::ios::binary);
    std::error_code error;
    if (options_.files_only || !in || std::filesystem::is_directory(path, error)) {
      fail(code::import_failed, span, "can't read \"" + path + "\"", "no such file");
      return;
    }
    content.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::uint32_t file = add_source(path, std::move(content));
  Parsed parsed = parse(sources_, file);
  diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  read(*imported_.back());
}

}  // namespace weft::check
