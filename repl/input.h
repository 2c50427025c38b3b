#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::repl {

/// The next line of standard input, without its end; a carriage return before that is dropped. False at the
/// end of the input. Throws DataError for a line of more than `longest` bytes, so that no input can fill the
/// memory.
bool next_input_line(std::string& line, std::int64_t number, std::size_t longest = std::size_t{1} << 20);

/// How many brackets of any kind a piece of source opens more than it closes, those in comments and texts
/// aside.
int open_brackets(std::string_view source);

}  // namespace weft::repl
