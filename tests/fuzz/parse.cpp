#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lang/syntax/parse.h"
#include "lang/syntax/print.h"

/// Any bytes: parsed, told and printed; spans lie in the text, and a text without a fault has a tree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::Sources sources;
  sources.add("fuzz.weft", std::string(reinterpret_cast<const char*>(data), size));
  const weft::Parsed parsed = weft::parse(sources, 0);
  for (const weft::Diagnostic& d : parsed.diagnostics) {
    if (d.code.empty() || d.span.begin > d.span.end || d.span.end > size) std::abort();
    if (weft::render(d, sources).empty()) std::abort();
  }
  for (const weft::ast::Stmt& s : parsed.program.statements) {
    if (s.span.begin >= s.span.end || s.span.end > size) std::abort();
  }
  if (parsed.incomplete && parsed.diagnostics.empty()) std::abort();
  (void)weft::ast::dump(parsed.program, {true});
  return 0;
}
