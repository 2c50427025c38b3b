#pragma once

#include <string>
#include <vector>

#include "lang/diagnostic.h"
#include "lang/syntax/parse.h"

namespace weft {

struct Formatted {
  std::string text;                     // empty where the source has faults
  std::vector<Diagnostic> diagnostics;  // faults of syntax: such a source is left as it is
};

/// sources[file] as it is written canonically: a statement a line, two spaces of indentation, lines of at
/// most 100 columns where that can be; tokens and comments as they were written, blank lines between
/// statements as at most one. The tree stays the same, and what is formatted already stays as it is.
Formatted format(const Sources& sources, std::uint32_t file);
/// Likewise, of a source that has been parsed.
Formatted format(const Sources& sources, std::uint32_t file, const Parsed& parsed);

}  // namespace weft
