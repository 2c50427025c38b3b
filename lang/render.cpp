#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lang/concat.h"
#include "lang/diagnostic.h"
#include "lang/text_width.h"
#include "lang/utf8.h"

namespace weft {
namespace {

/// Lines up to this many bytes are shown whole; of longer ones so many columns, some of them before the span.
constexpr std::size_t kShownWhole = 120;
constexpr int kColumns = 100;
constexpr int kColumnsBefore = 40;
constexpr std::string_view kCut = "...";

struct Glyph {
  char32_t value;
  int width;
  std::size_t length;
};

/// The character of `text` at `at` as it is shown; a tab is one.
Glyph glyph(std::string_view text, std::size_t at) {
  const Utf8Character c = decode_utf8(text, at);
  if (c.value == '\t') return {'\t', 1, 1};
  if (!c.valid || is_control(c.value)) return {0xFFFD, 1, c.length};
  return {c.value, text_width(c.value), c.length};
}

/// A text of a diagnostic on one line.
std::string one_line(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Glyph g = glyph(text, at);
    const bool space = g.value == '\t' || text[at] == '\n';
    append_utf8(out, space ? U' ' : g.value);
    at += g.length;
  }
  return out;
}

/// A line of source, or what is shown of it: [begin, end) of the text.
struct Line {
  std::string_view text;  // of the whole source
  std::size_t line_begin = 0, line_end = 0;
  std::size_t begin = 0, end = 0;
};

std::size_t step_back(std::string_view text, std::size_t at, std::size_t first) {
  std::size_t start = at - 1;
  while (start > first && at - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return start + decode_utf8(text, start).length == at ? start : at - 1;
}

Line line_around(const Sources& sources, Span span) {
  const auto& source = sources[span.file];
  Line line;
  line.text = source.text;
  const auto offset = std::min<std::size_t>(span.begin, source.text.size());
  const auto next = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  line.line_begin = *(next - 1);
  line.line_end = next == source.line_starts.end() ? source.text.size() : *next - 1;
  if (line.line_end > line.line_begin && source.text[line.line_end - 1] == '\r') --line.line_end;
  line.begin = line.line_begin;
  line.end = line.line_end;
  if (line.line_end - line.line_begin <= kShownWhole) return line;

  const std::size_t middle = std::min(offset, line.line_end);
  int columns = 0;
  line.begin = line.end = middle;
  while (line.begin > line.line_begin && columns < kColumnsBefore) {
    line.begin = step_back(line.text, line.begin, line.line_begin);
    columns += glyph(line.text, line.begin).width;
  }
  while (line.end < line.line_end && columns < kColumns) {
    const Glyph g = glyph(line.text, line.end);
    columns += g.width;
    line.end += g.length;
  }
  return line;
}

bool shows(const Line& line, Span span) {
  return span.begin >= line.begin && (span.begin < line.end || line.end == line.line_end);
}

std::string shown(const Line& line) {
  std::string out;
  if (line.begin > line.line_begin) out += kCut;
  for (std::size_t at = line.begin; at < line.end;) {
    const Glyph g = glyph(line.text, at);
    append_utf8(out, g.value);
    at += g.length;
  }
  if (line.end < line.line_end) out += kCut;
  return out;
}

/// The line under a source line: `mark` below [span.begin, span.end) as far as it is shown, at least one.
std::string markers(const Line& line, Span span, char mark) {
  const std::size_t begin = std::clamp<std::size_t>(span.begin, line.begin, line.end);
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, line.end);
  std::string out;
  if (line.begin > line.line_begin) out.append(kCut.size(), ' ');
  bool marked = false;
  for (std::size_t at = line.begin; at < end;) {
    const Glyph g = glyph(line.text, at);
    const bool inside = at >= begin;
    // A tab stays a tab, so that what follows stands where it does in the source.
    if (g.value == '\t') {
      out += '\t';
    } else {
      out.append(static_cast<std::size_t>(g.width), inside ? mark : ' ');
      marked = marked || (inside && g.width > 0);
    }
    at += g.length;
  }
  if (!marked) {
    if (begin < end) out.erase(out.find_last_not_of('\t') + 1);
    out += mark;
  }
  return out;
}

struct Marker {
  Span span;
  char mark;
  std::string_view message;
};

/// One shown line and what is marked on it.
struct Snippet {
  Line line;
  std::uint32_t file;
  Sources::Position position;
  std::vector<Marker> markers;
};

class Renderer {
 public:
  Renderer(const Diagnostic& diagnostic, const Sources& sources)
      : diagnostic_(diagnostic), sources_(sources) {
    if (diagnostic.span.file < sources.size()) add({diagnostic.span, '^', diagnostic.label});
    for (const Note& note : diagnostic.notes) {
      if (note.span.file < sources.size()) add({note.span, '-', note.message});
    }
    std::uint32_t largest = 1;
    for (const Snippet& snippet : snippets_) largest = std::max(largest, snippet.position.line);
    gutter_ = std::string(std::to_string(largest).size(), ' ');
  }

  std::string run() {
    put(diagnostic_.severity == Severity::error ? "error" : "warning");
    if (!diagnostic_.code.empty()) put(concat("[", diagnostic_.code, "]"));
    put(concat(": ", one_line(diagnostic_.message), "\n"));
    const Snippet* previous = nullptr;
    for (const Snippet& snippet : snippets_) {
      if (previous != nullptr) put(gutter_ + " |\n");
      if (previous == nullptr || previous->file != snippet.file) {
        put_place(snippet, previous == nullptr ? "--> " : "::: ");
      }
      put_snippet(snippet);
      previous = &snippet;
    }
    if (!diagnostic_.help.empty()) put_help();
    return std::move(out_);
  }

 private:
  void add(Marker marker) {
    for (Snippet& snippet : snippets_) {
      if (snippet.file == marker.span.file && marker.span.begin >= snippet.line.line_begin &&
          marker.span.begin <= snippet.line.line_end && shows(snippet.line, marker.span)) {
        snippet.markers.push_back(marker);
        return;
      }
    }
    const Span span = marker.span;
    snippets_.push_back(
        {line_around(sources_, span), span.file, sources_.position(span.file, span.begin), {marker}});
  }

  void put_place(const Snippet& snippet, std::string_view arrow) {
    put(gutter_ + std::string(arrow) + one_line(sources_[snippet.file].name) + ":" +
        std::to_string(snippet.position.line) + ":" + std::to_string(snippet.position.column) + "\n");
    put(gutter_ + " |\n");
  }

  void put_snippet(const Snippet& snippet) {
    const std::string number = std::to_string(snippet.position.line);
    const std::string source = shown(snippet.line);
    put(std::string(gutter_.size() - number.size(), ' ') + number + (source.empty() ? " |" : " | ") + source);
    put("\n");
    for (const Marker& marker : snippet.markers) {
      put(concat(gutter_, " | ", markers(snippet.line, marker.span, marker.mark)));
      if (!marker.message.empty()) put(concat(" ", one_line(marker.message)));
      put("\n");
    }
  }

  void put_help() {
    std::string lead = " = help: ";
    std::string_view rest = diagnostic_.help;
    while (true) {
      const auto newline = rest.find('\n');
      put(gutter_ + lead + one_line(rest.substr(0, newline)) + "\n");
      if (newline == std::string_view::npos) break;
      rest.remove_prefix(newline + 1);
      lead = std::string(lead.size(), ' ');
    }
  }

  void put(std::string_view text) { out_ += text; }

  const Diagnostic& diagnostic_;
  const Sources& sources_;
  std::vector<Snippet> snippets_;  // the primary one first
  std::string gutter_;
  std::string out_;
};

}  // namespace

std::string render(const Diagnostic& diagnostic, const Sources& sources) {
  return Renderer(diagnostic, sources).run();
}

}  // namespace weft
