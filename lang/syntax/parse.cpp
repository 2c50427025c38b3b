#include "lang/syntax/parse.h"

#include <algorithm>
#include <iterator>

#include "lang/syntax/brackets.h"
#include "lang/syntax/grammar.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/reader.h"
#include "lang/syntax/syntax_codes.h"

namespace weft {
namespace {

void in_source_order(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  if (diagnostics.size() > syntax::kMostFaults) diagnostics.resize(syntax::kMostFaults);
}

void move_to(std::vector<Diagnostic>& all, std::vector<Diagnostic> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// A quote that is missing takes the brackets after it along: those aren't told again.
void leave_out_swallowed(std::vector<Diagnostic>& brackets, const std::vector<Diagnostic>& lexical,
                         const Sources& sources) {
  std::vector<std::ptrdiff_t> lines;
  const auto line = [&](const Diagnostic& d) {
    const auto& starts = sources[d.span.file].line_starts;
    return std::upper_bound(starts.begin(), starts.end(), d.span.begin) - starts.begin();
  };
  for (const Diagnostic& d : lexical) {
    if (d.code == syntax_code::open_text) lines.push_back(line(d));
  }
  std::erase_if(brackets, [&](const Diagnostic& d) {
    return d.code == syntax_code::never_closed && std::binary_search(lines.begin(), lines.end(), line(d));
  });
}

}  // namespace

Parsed parse(const Sources& sources, std::uint32_t file) {
  Parsed parsed;
  parsed.program.file = file;
  const std::string_view source = sources[file].text;
  if (auto fault = syntax::encoding_fault(source, file)) {
    parsed.diagnostics.push_back(std::move(*fault));
    return parsed;
  }

  syntax::Lexed lexed = syntax::lex(source, file);
  syntax::Brackets brackets = syntax::match_brackets(lexed.tokens);
  const std::size_t ends_open = (lexed.text_open_at_end ? 1 : 0) + (brackets.open_at_end ? 1 : 0);
  const bool balanced = brackets.faults.empty();
  const bool all_at_end = lexed.faults.size() + brackets.faults.size() == ends_open;
  leave_out_swallowed(brackets.faults, lexed.faults, sources);
  move_to(parsed.diagnostics, std::move(lexed.faults));
  move_to(parsed.diagnostics, std::move(brackets.faults));
  in_source_order(parsed.diagnostics);
  if (brackets.gave_up || parsed.diagnostics.size() >= syntax::kMostFaults) return parsed;

  syntax::Reader reader(source, lexed.tokens, lexed.comments, parsed.diagnostics, balanced);
  parsed.program.statements = syntax::read_statements(reader);
  parsed.incomplete = (ends_open > 0 || reader.missing_at_end()) && all_at_end && !reader.wrong_elsewhere();
  parsed.statement_starts = reader.take_statement_starts();
  std::sort(parsed.statement_starts.begin(), parsed.statement_starts.end());
  move_to(parsed.diagnostics, reader.take_diagnostics());
  in_source_order(parsed.diagnostics);
  return parsed;
}

}  // namespace weft
