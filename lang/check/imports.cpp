#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lang/check/guards.h"
#include "lang/check/suggest.h"
#include "lang/std/library.h"
#include "lang/syntax/parse.h"

/// Other sources: `import` reads a file's statements, once; a model file's are read apart.
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
  const std::string from = model_files_.source_name(span.file);
  const std::string path = (fs::path(from).parent_path() / d.path).lexically_normal().string();
  const bool outermost = imports_.reading.empty();
  if (outermost) imports_.reading.push_back(fs::path(from).lexically_normal().string());
  if (const auto first = std::find(imports_.reading.begin(), imports_.reading.end(), path);
      first != imports_.reading.end()) {
    std::string cycle;
    std::vector<Note> notes;
    for (auto p = first; p != imports_.reading.end(); ++p) {
      cycle += *p + " -> ";
      const auto next = static_cast<std::size_t>(p - imports_.reading.begin());
      if (next < imports_.by.size())
        notes.push_back({imports_.by[next], "imports \"" + imports_.reading[next + 1] + "\""});
    }
    fail(code::import_cycle, span, "files import each other in a circle", cycle + path,
         "leave this import out: \"" + path + "\" is being read already", std::move(notes), Fix{span, ""});
    if (outermost) imports_.reading.clear();
    return;
  }
  imports_.reading.push_back(path);
  imports_.by.push_back(span);
  read_file(path, span);
  imports_.by.pop_back();
  imports_.reading.pop_back();
  if (outermost) imports_.reading.clear();
}

void Elaborator::read_file(const std::string& path, Span span) {
  if (!imports_.known.insert(path).second) return;
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
  read_source(path, std::move(content));
}

void Elaborator::read_source(const std::string& name, std::string text) {
  Parsed parsed = parse(sources_, model_files_.add_source(name, std::move(text)));
  reporter_.add(parsed.diagnostics);
  imported_.push_back(std::make_unique<ast::Program>(std::move(parsed.program)));
  read(*imported_.back());
}

std::shared_ptr<Scope> Elaborator::read_apart(CheckOptions options, const std::string& main) {
  const std::string text = options.files.at(main);
  const auto scope = lasting_scope();
  scope->parent = top_->parent;
  const Restored options_then(options_, std::move(options));
  const Restored top_then(top_, scope);
  const Restored scope_then(scope_, scope);
  const Restored graph_then(graph_, &scratch_);
  const Restored<Instance*> making_then(making_, nullptr);
  const Restored imports_then(imports_, Imports{{main}, {}, {}});
  const Restored journal_then(journal_, Journal{});
  const Restored<Recorder*> recorder_then(recorder_, nullptr);
  const Restored interactive_then(interactive_, true);
  const Restored options_seen_then(option_infos_, std::vector<OptionInfo>{});
  read_source(main, text);
  return scope;
}

}  // namespace weft::check
