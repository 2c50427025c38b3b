#include "repl/interactive/completion.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace weft::repl {

namespace {

using service::NameKind;

bool in_word(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || std::isalnum(u) || c == '_';
}

std::size_t word_begin(const std::string& text, std::size_t end) {
  while (end > 0 && in_word(text[end - 1])) --end;
  return end;
}

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

/// Where a source stands at its end: inside which bracket, and since where inside a text.
struct Place {
  std::string brackets;
  std::size_t quote = std::string::npos;
  bool comment = false;
};

Place place_at_end(const std::string& source) {
  Place p;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (p.comment || p.quote != std::string::npos) {
      if (c == '\n') {
        p.comment = false;
        p.quote = std::string::npos;
      } else if (c == '\\' && !p.comment) {
        ++i;
      } else if (c == '"' && !p.comment) {
        p.quote = std::string::npos;
      }
    } else if (c == '#') {
      p.comment = true;
    } else if (c == '"') {
      p.quote = i;
    } else if (c == '(' || c == '[' || c == '{') {
      p.brackets += c;
    } else if ((c == ')' || c == ']' || c == '}') && !p.brackets.empty()) {
      p.brackets.pop_back();
    }
  }
  return p;
}

std::vector<std::string> paths(const std::string& beginning) {
  namespace fs = std::filesystem;
  const auto slash = beginning.rfind('/');
  const std::string folder = slash == beginning.npos ? "" : beginning.substr(0, slash + 1);
  const std::string name = beginning.substr(folder.size());
  std::vector<std::string> out;
  std::error_code error;
  fs::directory_iterator it(folder.empty() ? "." : folder, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string found = it->path().filename().string();
    if (!begins_with(found, name) || (name.empty() && found[0] == '.')) continue;
    std::error_code no_matter;
    out.push_back(folder + found + (it->is_directory(no_matter) ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), in_word);
}

/// The words of a source that may be names: a function's parameters while it is being written.
void add_words(const std::string& source, std::set<std::string>& out) {
  for (std::size_t i = 0; i < source.size();) {
    std::size_t end = i;
    while (end < source.size() && in_word(source[end])) ++end;
    if (end > i && !std::isdigit(static_cast<unsigned char>(source[i])))
      out.insert(source.substr(i, end - i));
    i = end + 1;
  }
}

Completion named(std::size_t begin, const std::string& word, const std::set<std::string>& known) {
  Completion c{begin, {}};
  for (const std::string& name : known) {
    if (begins_with(name, word) && name != word) c.values.push_back(name);
  }
  if (known.count(word)) c.values.insert(c.values.begin(), word);
  return c;
}

}  // namespace

const std::vector<std::string>& command_names() {
  static const std::vector<std::string> names = {":help", ":load", ":quit", ":save",
                                                 ":time", ":type", ":undo"};
  return names;
}

Completion complete(const std::string& pending, const std::string& line, Session& session) {
  if (pending.empty() && !line.empty() && line[0] == ':') {
    const auto blank = line.find(' ');
    if (blank == line.npos) return named(0, line, {command_names().begin(), command_names().end()});
    const std::string command = line.substr(0, blank);
    if (command == ":load" || command == ":save") {
      const std::size_t begin = std::min(line.find_first_not_of(' ', blank), line.size());
      return {begin, paths(line.substr(begin))};
    }
  }
  const std::string source = pending + line;
  const Place place = place_at_end(source);
  if (place.comment) return {line.size(), {}};
  if (place.quote != source.npos) {
    const std::size_t begin = place.quote + 1 - pending.size();
    Completion c{begin, paths(line.substr(begin))};
    if (c.values.size() == 1 && c.values[0].back() != '/') c.values[0] += '"';
    return c;
  }

  const std::size_t begin = word_begin(line, line.size());
  const std::string word = line.substr(begin);
  std::set<std::string> known;
  if (begin > 0 && line[begin - 1] == '.') {
    std::size_t path = begin - 1;
    while (path > 0 && (in_word(line[path - 1]) || line[path - 1] == '.')) --path;
    for (const service::Name& name : session.members(line.substr(path, begin - 1 - path))) {
      if (is_name(name.text)) known.insert(name.text);
    }
    return named(begin, word, known);
  }
  const bool axes = !place.brackets.empty() && place.brackets.back() == '[';
  for (const service::Name& name : session.names()) {
    if (!axes || name.kind == NameKind::axis) known.insert(name.text);
  }
  add_words(pending, known);
  if (!axes) {
    for (const service::Name& name : service::keywords()) known.insert(name.text);
    for (const service::Name& name : service::readers()) known.insert(name.text);
  }
  return named(begin, word, known);
}

std::string common_beginning(const std::vector<std::string>& values) {
  std::string common = values.empty() ? "" : values[0];
  for (const std::string& v : values) {
    std::size_t n = 0;
    while (n < std::min(common.size(), v.size()) && common[n] == v[n]) ++n;
    // Half a character is none.
    while (n > 0 && n < common.size() && (static_cast<unsigned char>(common[n]) & 0xC0) == 0x80) --n;
    common.resize(n);
  }
  return common;
}

}  // namespace weft::repl
