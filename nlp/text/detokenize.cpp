#include "nlp/text/detokenize.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>

#include "nlp/text/vocabulary.h"

namespace weft::nlp {

namespace {

/// How a token stands to its neighbours.
enum class Spacing : std::uint8_t { word, unspaced, opens, closes, joins, quote };

UChar32 first_character(const std::string& token) {
  UChar32 c = 0;
  std::int32_t i = 0;
  U8_NEXT_OR_FFFD(token.data(), i, static_cast<std::int32_t>(token.size()), c);
  return c;
}

/// Scripts that write no spaces between words.
bool is_unspaced(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    default:
      return u_getIntPropertyValue(c, UCHAR_BLOCK) == UBLOCK_CJK_SYMBOLS_AND_PUNCTUATION;
  }
}

Spacing spacing_of(const std::string& token) {
  const UChar32 c = first_character(token);
  if (token == "\"" || token == "'") return Spacing::quote;
  if (token == "-" || token == "/" || token == "\u2010") return Spacing::joins;
  if (is_unspaced(c)) return Spacing::unspaced;
  switch (u_charType(c)) {
    case U_START_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_CURRENCY_SYMBOL:
      return Spacing::opens;
    case U_END_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
      return Spacing::closes;
    case U_OTHER_PUNCTUATION:
      return token == "&" || token == "*" ? Spacing::word : Spacing::closes;
    default:
      return Spacing::word;
  }
}

}  // namespace

std::string join_words(const std::vector<std::string>& tokens) {
  std::string text;
  bool quoted[2] = {false, false};  // inside " and '
  bool glue = true;                 // no space before the next token
  bool unspaced = false;            // the last token that isn't punctuation was of a script without spaces
  for (const std::string& token : tokens) {
    if (token.empty()) continue;
    if (token == kEnd) {
      text += '\n';
      glue = true;
      quoted[0] = quoted[1] = false;
      continue;
    }
    Spacing spacing = spacing_of(token);
    if (spacing == Spacing::quote) {
      bool& inside = quoted[token == "'" ? 1 : 0];
      const bool possessive = token == "'" && !inside && !text.empty() && text.back() == 's';
      spacing = inside || possessive ? Spacing::closes : Spacing::opens;
      if (!possessive) inside = !inside;
    }
    const bool touches = spacing == Spacing::closes || spacing == Spacing::joins ||
                         (unspaced && (spacing == Spacing::unspaced || spacing == Spacing::opens));
    if (!glue && !touches) text += ' ';
    text += token;
    glue = spacing == Spacing::opens || spacing == Spacing::joins;
    if (spacing == Spacing::word || spacing == Spacing::unspaced) unspaced = spacing == Spacing::unspaced;
  }
  return text;
}

}  // namespace weft::nlp
