#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lang/check/elaborator.h"
#include "lang/concat.h"
#include "lang/format/format.h"
#include "lang/program.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/parse.h"
#include "lang/syntax/print.h"

/// What has to hold for any source text, for the fuzzer and for the tests. Each function says what doesn't;
/// empty: all is well.
namespace weft::fuzz {

/// The tokens but parentheses, of which the formatter drops doubled ones, and the comments; one a line.
inline std::string pieces(const Sources& sources, std::uint32_t file) {
  const std::string_view text = sources[file].text;
  const syntax::Lexed lexed = syntax::lex(text, file);
  std::string out;
  for (const syntax::Token& t : lexed.tokens) {
    if (t.kind != syntax::Kind::left_paren && t.kind != syntax::Kind::right_paren)
      out += concat(t.text, "\n");
  }
  for (const syntax::Comment& c : lexed.comments) {
    std::string_view comment = text.substr(c.span.begin, c.span.end - c.span.begin);
    comment = comment.substr(0, comment.find_last_not_of(" \t\r") + 1);
    out += concat(comment, "\n");
  }
  return out;
}

/// fmt(fmt(x)) = fmt(x), parse(fmt(x)) = parse(x), and all tokens and comments are kept, for a source that
/// has been parsed. Nothing is said of what has faults.
inline std::string format_faults(Sources& sources, std::uint32_t file, const Parsed& parsed) {
  const Formatted once = format(sources, file, parsed);
  if (!parsed.diagnostics.empty()) return once.text.empty() ? "" : "a faulty text was formatted";
  const auto again = sources.add("fmt(x)", once.text);
  const Parsed reparsed = parse(sources, again);
  const Formatted twice = format(sources, again, reparsed);
  if (!twice.diagnostics.empty()) {
    return concat("formatted, it has faults:\n", once.text, render(twice.diagnostics.front(), sources));
  }
  if (twice.text != once.text) return concat("formatted twice:\n", once.text, "-----\n", twice.text);
  const std::string before = ast::dump(parsed.program), after = ast::dump(reparsed.program);
  if (before != after) return concat("another tree:\n", before, "-----\n", after);
  if (pieces(sources, file) != pieces(sources, again))
    return concat("tokens or comments are lost:\n", once.text);
  return "";
}

inline std::string format_faults(const std::string& source) {
  Sources sources;
  const auto file = sources.add("x", source);
  return format_faults(sources, file, parse(sources, file));
}

/// Spans lie in their source, whatever is told can be shown.
inline std::string told_faults(const std::vector<Diagnostic>& diagnostics, const Sources& sources) {
  const auto outside = [&](Span s) {
    return s.file >= sources.size() || s.begin > s.end || s.end > sources[s.file].text.size();
  };
  for (const Diagnostic& d : diagnostics) {
    if (d.code.empty() || d.message.empty()) return "a diagnostic without a code or a message";
    if (outside(d.span)) return concat(d.code, " lies outside of its source");
    for (const Note& n : d.notes) {
      if (outside(n.span)) return concat("a note of ", d.code, " lies outside of its source");
    }
    if (render(d, sources).empty()) return concat(d.code, " can't be shown");
  }
  return "";
}

/// Parsed, told, printed, formatted and checked, all but run. Imports find nothing.
inline std::string source_faults(const std::string& source) {
  Sources sources;
  Program program;
  check::CheckOptions options;
  options.files_only = true;
  check::Elaborator elaborator(sources, program, std::move(options));
  const auto file = sources.add("fuzz.weft", source);
  const Parsed parsed = parse(sources, file);
  if (auto fault = told_faults(parsed.diagnostics, sources); !fault.empty()) return fault;
  for (const ast::Stmt& s : parsed.program.statements) {
    if (s.span.begin >= s.span.end || s.span.end > source.size())
      return "a statement lies outside of its source";
  }
  if (parsed.incomplete && parsed.diagnostics.empty()) return "incomplete without a fault";
  (void)ast::dump(parsed.program, {true});
  if (auto fault = format_faults(sources, file, parsed); !fault.empty()) return fault;
  if (!parsed.diagnostics.empty()) return "";
  elaborator.read(parsed.program);
  auto told = elaborator.take_diagnostics();
  if (told.empty()) {
    elaborator.check_unused();
    told = elaborator.take_diagnostics();
  }
  return told_faults(told, sources);
}

}  // namespace weft::fuzz
