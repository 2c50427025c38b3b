#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/lexer.h"

namespace weft::fuzz {

/// A source changed as a whole by its tokens, so that it more often still has a tree: one is left out,
/// doubled, exchanged or put in anew, a comment or a line end comes between two, parentheses come around one.
inline std::string mutate_tokens(const std::string& source, unsigned seed) {
  std::minstd_rand random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const syntax::Lexed lexed = syntax::lex(source, 0);
  const std::vector<syntax::Token>& tokens = lexed.tokens;  // with the end of the text
  if (tokens.size() < 3) return source + "let x = 1\n";
  static constexpr std::string_view kPieces[] = {
      " # c\n", "\n# 中\n", "\n",      "\n\n\n", " ",     "(",     ")",      "[",      "]",
      "{",      "}",        " + ",     " |> ",   " and ", " not ", " - ",    "->",     ", ",
      " = ",    ": ",       ".",       "; ",     " let ", " if ",  "else",   " fn ",   "return",
      "next ",  "scan",     "set ",    "repeat", "show ", "axis ", " model", "train ", "step ",
      " over ", "using ",   " freeze", "..",     "T'",    "1e-3",  "\"a\"",  "x"};
  std::string out;
  std::size_t from = 0;
  const auto until = [&](std::size_t end) { out.append(source, from, end - from), from = end; };
  const std::size_t i = below(tokens.size() - 1);
  const Span span = tokens[i].span;
  switch (below(7)) {
    case 0:  // left out
      until(span.begin);
      from = span.end;
      break;
    case 1: {  // a run of tokens put somewhere else as well
      const std::size_t last = std::min(i + below(20), tokens.size() - 2);
      until(tokens[below(tokens.size() - 1)].span.begin);
      out.append(source, span.begin, tokens[last].span.end - span.begin);
      out += ' ';
      break;
    }
    case 2: {  // another in its place
      const Span other = tokens[below(tokens.size() - 1)].span;
      until(span.begin);
      out.append(source, other.begin, other.end - other.begin);
      from = span.end;
      break;
    }
    case 3:
      until(span.begin);
      out += '(';
      until(span.end);
      out += ')';
      break;
    case 4:  // what is between two tokens goes
      until(span.end);
      out += ' ';
      from = tokens[i + 1].span.begin;
      break;
    default:
      until(below(2) == 0 ? span.begin : span.end);
      out += kPieces[below(std::size(kPieces))];
      break;
  }
  until(source.size());
  return below(4) == 0 ? mutate_tokens(out, static_cast<unsigned>(random())) : out;  // and another change
}

}  // namespace weft::fuzz
