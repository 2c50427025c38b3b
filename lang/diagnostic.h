#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/span.h"

namespace weft {

/// The texts a program is made of; Span::file counts them.
class Sources {
 public:
  struct Source {
    std::string name;  // as shown: a path, "<repl>", "std.nn"
    std::string text;
    std::vector<std::uint32_t> line_starts;  // byte offsets
  };
  std::uint32_t add(std::string name, std::string text);
  const Source& operator[](std::uint32_t file) const { return sources_[file]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(sources_.size()); }
  std::string_view text(Span span) const;

  struct Position {
    std::uint32_t line = 1;    // from 1
    std::uint32_t column = 1;  // from 1, in characters (code points)
  };
  Position position(std::uint32_t file, std::uint32_t offset) const;

 private:
  std::vector<Source> sources_;
};

enum class Severity : std::uint8_t { error, warning };

/// A second place that explains the first: "the extent was set here".
struct Note {
  Span span;
  std::string message;
};

/// What mends a fault: `text` in the place of `span`; empty where that is to be left out.
struct Fix {
  Span span;
  std::string text;
};

/// One fault: a stable code, one cause at one place, how to mend it.
struct Diagnostic {
  std::string code;  // "E0204"
  Severity severity = Severity::error;
  Span span;
  std::string message;  // "axes of different extent can't be joined"
  std::string label;    // under the caret: "needs H = 512, and gets H = 256"
  std::vector<Note> notes;
  std::string help;                       // one hint; empty where there is none
  std::optional<Fix> fix = std::nullopt;  // the hint as an edit, where it is one: `help` shows its text
};

/// Whether one of them is an error and not a mere warning.
bool has_errors(const std::vector<Diagnostic>&);

/// The diagnostic as a person reads it, in the form of docs/language.md: code and message, file:line:column,
/// the lines of source with carets under primary and `---` under secondary spans, help. The source is shown
/// as it is written; tabs keep their width; wide characters get wide carets; control characters and invalid
/// bytes are shown as U+FFFD; a very long line is cut around the span. Ends with a newline.
std::string render(const Diagnostic&, const Sources&);

/// The diagnostic as one line of JSON, without a newline, for tools:
///   {"code": "E0204", "severity": "error", "message": .., "file": .., "span": SPAN, "label": ..,
///    "notes": [{"message": .., "file": .., "span": SPAN}], "help": ..,
///    "fix": {"file": .., "span": SPAN, "text": ..}}
/// with SPAN {"begin", "end": bytes from the beginning of the file, "line", "column", "end_line",
/// "end_column": from 1, columns in characters}. `label` and `help` are empty where there is none, `fix` is
/// left out; without a place in a file `file` is empty and there is no `span`. Bytes that are no UTF-8 become
/// U+FFFD.
std::string render_json(const Diagnostic&, const Sources&);

/// Of `candidates`, the one a misspelt `name` most likely means (Damerau-Levenshtein distance at most a third
/// of its length, at least 1); empty where none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace weft
