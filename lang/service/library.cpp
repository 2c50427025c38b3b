#include "lang/service/library.h"

#include <algorithm>

#include "lang/service/signature.h"
#include "lang/syntax/parse.h"

namespace weft::service {

namespace {

/// Where the comment lines right above `begin` begin, or `begin` itself.
std::size_t with_comment(std::string_view text, std::size_t begin) {
  while (begin > 0) {
    const std::size_t end = begin - 1;  // of the line above
    const std::size_t newline = text.rfind('\n', end > 0 ? end - 1 : 0);
    const std::size_t start = newline == std::string_view::npos || end == 0 ? 0 : newline + 1;
    if (text[start] != '#') break;
    begin = start;
  }
  return begin;
}

std::string with_newline(std::string_view text) {
  std::string out(text);
  if (out.empty() || out.back() != '\n') out += '\n';
  return out;
}

void add_row(std::string& out, const std::string& name, const std::string& help) {
  constexpr std::size_t kColumn = 24;
  out += "  " + name;
  if (!help.empty()) out += std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ') + help;
  out += "\n";
}

}  // namespace

std::vector<LibraryEntry> entries_of(const StandardSource& part) {
  Sources sources;
  const std::uint32_t file = sources.add(std::string(part.name), std::string(part.text));
  const Parsed parsed = parse(sources, file);
  std::vector<LibraryEntry> out;
  for (const ast::Stmt& s : parsed.program.statements) {
    const auto begin = with_comment(part.text, s.span.begin);
    const std::string_view text = part.text.substr(begin, s.span.end - begin);
    if (const auto* m = std::get_if<ast::ModelDecl>(&s.form)) {
      out.push_back({m->name.text, signature(*m, sources), one_line(m->help), text});
    } else if (const auto* f = std::get_if<ast::FnDecl>(&s.form); f && f->name) {
      out.push_back({f->name->text, signature(*f, sources), one_line(f->help), text});
    }
  }
  return out;
}

std::string summary_of(std::string_view text) {
  if (text.rfind("#", 0) != 0) return "";
  text = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.find_first_not_of("# \t"), text.size()));
  return std::string(text.substr(0, text.find_last_not_of(" \t\r") + 1));
}

std::optional<std::string> library_text(std::string_view asked) {
  for (const StandardSource& part : standard_library()) {
    if (part.name == asked) return with_newline(part.text);
    std::string_view name = asked;
    if (name.size() > part.name.size() && name.substr(0, part.name.size()) == part.name &&
        name[part.name.size()] == '.') {
      name.remove_prefix(part.name.size() + 1);
    }
    for (const LibraryEntry& e : entries_of(part)) {
      if (e.name == name) return with_newline(e.text);
    }
  }
  for (const StandardSource& recipe : recipes()) {
    if (recipe.name == asked) return with_newline(recipe.text);
  }
  return std::nullopt;
}

std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const StandardSource& part : standard_library()) {
    names.emplace_back(part.name);
    for (const LibraryEntry& e : entries_of(part)) {
      names.push_back(e.name);
      names.push_back(std::string(part.name) + "." + e.name);
    }
  }
  for (const StandardSource& recipe : recipes()) names.emplace_back(recipe.name);
  return names;
}

std::string library_overview() {
  std::string out;
  for (const StandardSource& part : standard_library()) {
    const std::string summary = summary_of(part.text);
    out += std::string(part.name) + (summary.empty() ? "" : "  " + summary) + "\n";
    for (const LibraryEntry& e : entries_of(part)) add_row(out, e.name, e.help);
    out += "\n";
  }
  out += "recipes, for `weft train`\n";
  for (const StandardSource& recipe : recipes()) {
    add_row(out, std::string(recipe.name), summary_of(recipe.text));
  }
  return out;
}

}  // namespace weft::service
