#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nlp/text/vocabulary.h"

namespace weft::repl {

/// Lines of token TAB count, the count being optional: their numbers are those of the lines, from 0. Throws
/// DataError, with the line, for a token that comes twice and for a file without any.
nlp::Vocabulary read_vocabulary(const std::string& path);

/// The lines of such a file.
std::string vocabulary_lines(const std::vector<std::pair<std::string, std::int64_t>>& tokens);

}  // namespace weft::repl
