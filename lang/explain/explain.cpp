#include "lang/explain/explain.h"

#include <algorithm>
#include <cctype>

#include "lang/diagnostic.h"
#include "lang/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kWidth = 80;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// Words of `text` in lines of at most kWidth; an empty line parts paragraphs.
std::string wrapped(std::string_view text) {
  std::string out, line;
  const auto end_line = [&] {
    if (!line.empty()) out += line + "\n";
    line.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at, 2) == "\n\n") {
      end_line();
      out += "\n";
      at += 2;
      continue;
    }
    if (text[at] == ' ' || text[at] == '\n') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) end_line();
    line += (line.empty() ? "" : " ") + std::string(word);
    at = end;
  }
  end_line();
  return out;
}

std::string indented(std::string_view source) {
  while (!source.empty() && source.front() == '\n') source.remove_prefix(1);
  std::string out;
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size());
    if (end > 0) out += "  ";
    for (std::size_t at = 0; at < end;) {
      const Utf8Character c = decode_utf8(source, at);
      append_utf8(out, c.valid ? c.value : U'\uFFFD');
      at += c.length;
    }
    out += "\n";
    source.remove_prefix(std::min(end + 1, source.size()));
  }
  return out;
}

}  // namespace

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> all = [] {
    std::vector<Explanation> out;
    for (const auto* group : {&explain::syntax(), &explain::axes(), &explain::values(),
                              &explain::statements(), &explain::updates(), &explain::warnings()}) {
      out.insert(out.end(), group->begin(), group->end());
    }
    std::stable_sort(out.begin(), out.end(), [](const Explanation& a, const Explanation& b) {
      return std::string_view(a.code) < std::string_view(b.code);
    });
    return out;
  }();
  return all;
}

const Explanation* find_explanation(std::string_view code) {
  const std::string wanted = upper(code);
  for (const Explanation& e : explanations()) {
    if (wanted == e.code) return &e;
  }
  return nullptr;
}

std::string nearest_code(std::string_view typed) {
  std::vector<std::string> codes;
  for (const Explanation& e : explanations()) codes.emplace_back(e.code);
  return nearest(upper(typed), codes);
}

std::string long_form(const Explanation& e) {
  std::string out = std::string(e.code) + ": " + e.title + "\n\n" + wrapped(e.text);
  if (*e.wrong) out += "\nWrong:\n\n" + indented(e.wrong);
  if (*e.mended) out += "\nMended:\n\n" + indented(e.mended);
  return out;
}

}  // namespace weft
