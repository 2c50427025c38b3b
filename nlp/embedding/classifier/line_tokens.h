#pragma once

#include <cstdint>
#include <string_view>

#include "nlp/embedding/dictionary.h"

namespace weft::nlp {

/// Whether fastText ends a word there: space, line ends, tabs, form feed, NUL.
inline bool ends_word(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/// Calls token(text, hash) for each word of a line as fastText cuts it, with fasttext_hash of it. A word that
/// is `</s>` ends the line, as it does there.
template <class Token>
void for_each_token(std::string_view line, Token&& token) {
  const char *at = line.data(), *const end = at + line.size();
  for (;;) {
    while (at != end && ends_word(*at)) ++at;
    if (at == end) return;
    const char* const begin = at;
    std::uint32_t hash = 2166136261U;
    do {
      hash = (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(*at))) * 16777619U;
    } while (++at != end && !ends_word(*at));
    const std::string_view text(begin, static_cast<std::size_t>(at - begin));
    if (text == kLineEnd) return;
    token(text, hash);
  }
}

}  // namespace weft::nlp
