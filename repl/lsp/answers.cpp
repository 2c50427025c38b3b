#include "repl/lsp/answers.h"

#include <algorithm>

#include "lang/format/format.h"
#include "lang/std/library.h"
#include "repl/lsp/position.h"
#include "repl/lsp/uri.h"

namespace weft::repl::lsp {

namespace {

using nlohmann::json;
using service::NameKind;

/// CompletionItemKind.
int item_kind(NameKind kind) {
  switch (kind) {
    case NameKind::keyword:
      return 14;
    case NameKind::axis:
      return 25;  // type parameter
    case NameKind::labels:
      return 13;  // enum
    case NameKind::function:
    case NameKind::reader:
      return 3;
    case NameKind::method:
      return 2;
    case NameKind::model:
      return 7;  // class
    case NameKind::parameter:
    case NameKind::column:
      return 5;  // field
    case NameKind::argument:
    case NameKind::option:
      return 10;  // property
    case NameKind::constant:
      return 21;
    case NameKind::data:
      return 9;  // module
    case NameKind::training:
      return 23;  // event
    default:
      return 6;  // variable
  }
}

/// SymbolKind.
int symbol_kind(NameKind kind) {
  switch (kind) {
    case NameKind::axis:
      return 26;  // type parameter
    case NameKind::function:
      return 12;
    case NameKind::method:
      return 6;
    case NameKind::model:
      return 5;  // class
    case NameKind::parameter:
      return 8;  // field
    case NameKind::option:
      return 7;  // property
    case NameKind::data:
      return 2;  // module
    case NameKind::training:
      return 24;  // event
    default:
      return 13;  // variable
  }
}

json symbol(const service::Symbol& s, const Positions& positions) {
  json inner = json::array();
  for (const service::Symbol& i : s.inner) inner.push_back(symbol(i, positions));
  const Span self{s.self.file, std::max(s.self.begin, s.whole.begin), std::min(s.self.end, s.whole.end)};
  return {{"name", s.name},
          {"kind", symbol_kind(s.kind)},
          {"detail", s.detail},
          {"range", positions.range(s.whole)},
          {"selectionRange", positions.range(self)},
          {"children", inner}};
}

void flatten(const std::vector<service::Symbol>& all, const std::string& in, const Positions& positions,
             const std::string& uri, json& out) {
  for (const service::Symbol& s : all) {
    json one = {{"name", s.name},
                {"kind", symbol_kind(s.kind)},
                {"location", {{"uri", uri}, {"range", positions.range(s.whole)}}}};
    if (!in.empty()) one["containerName"] = in;
    out.push_back(std::move(one));
    flatten(s.inner, s.name, positions, uri, out);
  }
}

}  // namespace

std::string uri_of_source(const service::Document& document, const std::string& own_uri, std::uint32_t file) {
  if (file == document.file()) return own_uri;
  const Sources::Source& source = document.sources()[file];
  if (source.name.rfind("std.", 0) == 0) {
    const std::string path = library_file(source.name, source.text);
    return path.empty() ? "" : uri_of(path);
  }
  return uri_of(source.name);
}

json diagnostics(const service::Document& document, const std::string& uri) {
  json out = json::array();
  // The library, where go-to-definition led, is sound; read a second time, it would meet itself.
  for (const StandardSource& s : standard_library()) {
    if (s.text == document.text()) return out;
  }
  const Positions positions(document.text());
  for (const Diagnostic& d : document.diagnostics()) {
    std::string message = d.message;
    if (!d.label.empty()) message += "\n" + d.label;
    if (!d.help.empty()) message += "\nhelp: " + d.help;
    json one = {{"range", positions.range(d.span)},
                {"severity", d.severity == Severity::error ? 1 : 2},
                {"code", d.code},
                {"source", "weft"},
                {"message", message}};
    json related = json::array();
    for (const Note& n : d.notes) {
      const std::string where = uri_of_source(document, uri, n.span.file);
      if (where.empty() || n.message.empty()) continue;
      const Positions there(document.sources()[n.span.file].text);
      related.push_back(
          {{"location", {{"uri", where}, {"range", there.range(n.span)}}}, {"message", n.message}});
    }
    if (!related.empty()) one["relatedInformation"] = related;
    out.push_back(std::move(one));
  }
  return out;
}

json hover(const service::Document& document, std::uint32_t offset) {
  const auto found = document.hover(offset);
  if (!found) return nullptr;
  std::string text = "```weft\n" + found->code + "\n```";
  if (!found->help.empty()) text += "\n\n" + found->help;
  return {{"contents", {{"kind", "markdown"}, {"value", text}}},
          {"range", Positions(document.text()).range(found->span)}};
}

json definition(const service::Document& document, const std::string& uri, std::uint32_t offset) {
  const auto span = document.definition(offset);
  if (!span) return nullptr;
  const std::string where = uri_of_source(document, uri, span->file);
  if (where.empty()) return nullptr;
  return {{"uri", where}, {"range", Positions(document.sources()[span->file].text).range(*span)}};
}

json completion(const service::Completion& found, const std::string& text, std::uint32_t offset) {
  const json range = Positions(text).range(found.from, offset);
  json items = json::array();
  for (const service::Name& n : found.names) {
    const bool argument = n.kind == NameKind::argument;
    const char* order = argument ? "0" : n.kind == NameKind::keyword ? "3" : n.declared.end == 0 ? "2" : "1";
    json item = {{"label", n.text},
                 {"kind", item_kind(n.kind)},
                 {"sortText", order + n.text},
                 {"textEdit", {{"range", range}, {"newText", argument ? n.text + " = " : n.text}}}};
    if (!n.type.empty()) item["detail"] = n.type;
    if (!n.help.empty()) item["documentation"] = n.help;
    items.push_back(std::move(item));
  }
  return {{"isIncomplete", false}, {"items", items}};
}

json symbols(const service::Document& document, const std::string& uri, bool nested) {
  const Positions positions(document.text());
  json out = json::array();
  if (!nested) {
    flatten(document.symbols(), "", positions, uri, out);
    return out;
  }
  for (const service::Symbol& s : document.symbols()) out.push_back(symbol(s, positions));
  return out;
}

json formatting(const std::string& name, const std::string& text) {
  Sources sources;
  const std::uint32_t file = sources.add(name, text);
  const Formatted formatted = format(sources, file);
  if (!formatted.diagnostics.empty()) return nullptr;
  if (formatted.text == text) return json::array();
  // Only the lines that change, so that the cursor stays where it is elsewhere.
  const std::string_view old = text, fresh = formatted.text;
  std::size_t front = 0;
  while (front < std::min(old.size(), fresh.size()) && old[front] == fresh[front]) ++front;
  const std::size_t newline = front == 0 ? old.npos : old.rfind('\n', front - 1);
  front = newline == old.npos ? 0 : newline + 1;
  std::size_t back = 0;
  while (back < std::min(old.size(), fresh.size()) - front &&
         old[old.size() - 1 - back] == fresh[fresh.size() - 1 - back]) {
    ++back;
  }
  while (back > 0 && old[old.size() - back - 1] != '\n') --back;
  const json range =
      Positions(text).range(static_cast<std::uint32_t>(front), static_cast<std::uint32_t>(old.size() - back));
  return json::array(
      {{{"range", range}, {"newText", std::string(fresh.substr(front, fresh.size() - back - front))}}});
}

json quick_fixes(const service::Document& document, const std::string& uri, std::uint32_t begin,
                 std::uint32_t end) {
  json out = json::array();
  const Positions positions(document.text());
  for (const Diagnostic& d : document.diagnostics()) {
    if (!d.fix || d.fix->span.file != document.file() || d.span.end < begin || d.span.begin > end) continue;
    const json edit = {{"range", positions.range(d.fix->span)}, {"newText", d.fix->text}};
    out.push_back({{"title", d.help.empty() ? "mend it" : d.help},
                   {"kind", "quickfix"},
                   {"isPreferred", true},
                   {"edit", {{"changes", {{uri, json::array({edit})}}}}}});
  }
  return out;
}

}  // namespace weft::repl::lsp
