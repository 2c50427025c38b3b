#include "repl/input.h"

#include <algorithm>
#include <iostream>

#include "corpora/dataset.h"

namespace weft::repl {

bool next_input_line(std::string& line, std::int64_t number, std::size_t longest) {
  std::streambuf& in = *std::cin.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  line.clear();
  int c = in.sbumpc();
  if (c == kEnd) return false;
  for (; c != kEnd && c != '\n'; c = in.sbumpc()) {
    if (line.size() == longest) {
      throw corpora::DataError("<stdin>", number,
                               "a line of more than " + std::to_string(longest >> 20) + " MiB",
                               "break it into shorter ones");
    }
    line.push_back(static_cast<char>(c));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

int open_brackets(std::string_view source) {
  int depth = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (c == '#') {
      i = std::min(source.find('\n', i), source.size());
    } else if (c == '"') {
      while (++i < source.size() && source[i] != '"' && source[i] != '\n') i += source[i] == '\\';
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth;
    }
  }
  return depth;
}

}  // namespace weft::repl
