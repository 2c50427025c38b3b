#include "nlp/text/ascii_words.h"

#include <unicode/unistr.h>

#include <initializer_list>

#include "nlp/text/segments.h"

namespace weft::nlp {

namespace {

/// Whether the iterator sees no boundary inside these characters.
bool joined(icu::BreakIterator& words, std::initializer_list<char> characters) {
  const icu::UnicodeString text(characters.begin(), static_cast<std::int32_t>(characters.size()), US_INV);
  words.setText(text);
  words.first();
  return words.next() == text.length();
}

}  // namespace

AsciiWords::AsciiWords(icu::BreakIterator& words) {
  for (int code = 0; code < 128; ++code) {
    const char c = static_cast<char>(code);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    std::uint8_t& kind = kinds_[static_cast<std::size_t>(code)];
    if (letter || digit) {
      kind = letter ? kLetter : kDigit;
      usable_ = usable_ && joined(words, {c, 'a'}) && joined(words, {c, '1'}) && joined(words, {'a', c}) &&
                joined(words, {'1', c});
    } else if (c <= ' ' || code == 127) {
      kind = kBlank;
    } else {
      const bool to_letter = joined(words, {c, 'a'});
      const bool to_digit = joined(words, {c, '1'});
      const bool to_itself = joined(words, {c, c});
      if (to_letter && to_digit && to_itself) {
        // Some releases take @ for a letter; what tells a letter is that an apostrophe joins it to another.
        kind = joined(words, {c, '\'', 'a'}) ? kLetter : kConnector;
      } else if (to_letter || to_digit || to_itself) {
        usable_ = false;
      }
      if (kind == 0 && joined(words, {'a', c, 'b'})) kind |= kMidLetter;
      if ((kind & kInWord) == 0 && joined(words, {'1', c, '2'})) kind |= kMidDigit;
    }
  }
}

}  // namespace weft::nlp
