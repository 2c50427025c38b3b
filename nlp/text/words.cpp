#include "nlp/text/words.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "nlp/text/detokenize.h"
#include "nlp/text/segments.h"
#include "nlp/text/utf16.h"

namespace weft::nlp {

namespace {

std::unique_ptr<icu::BreakIterator> word_breaks(const icu::Locale& locale) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createWordInstance(locale, status));
  require_icu(status, "word boundaries");
  return breaks;
}

bool is_space_or_control(UChar32 c) {
  return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR;
}

/// Narrows [begin, end) to what is neither white space nor control characters at its ends; false where
/// nothing that can be seen is left.
bool trim(const char16_t* text, std::int32_t& begin, std::int32_t& end) {
  while (begin < end && is_space_or_control(text[begin])) ++begin;
  while (begin < end && is_space_or_control(text[end - 1])) --end;
  for (std::int32_t i = begin; i < end;) {
    UChar32 c = 0;
    U16_NEXT(text, i, end, c);
    if (!is_space_or_control(c) && u_charType(c) != U_FORMAT_CHAR) return true;
  }
  return false;
}

}  // namespace

Words::Words(const TokenizerSettings& settings, bool ascii_words)
    : Words(settings, ascii_words, parse_locale(settings.locale)) {}

Words::Words(const TokenizerSettings& settings, bool ascii_words, const icu::Locale& locale)
    : form_(settings, locale),
      breaks_(word_breaks(locale)),
      ascii_(*breaks_),
      use_ascii_(ascii_words && ascii_.usable() && form_.ascii_is_simple()) {}

void Words::tokenize(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const std::size_t length = segment_length(text);
    segment(text.substr(0, length), take);
    text.remove_prefix(length);
  }
}

// UAX #29 has a boundary in front of every run of white space, and behind it too unless a combining mark
// follows. So a run of other characters, with the white space before it, can be segmented on its own.
void Words::segment(std::string_view text, const Take& take) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t waiting = none;  // where runs begin that ICU has to see, gathered to call it less often
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t begin = i;
    while (i < text.size() && is_ascii_space(text[i])) ++i;
    const std::size_t run = i;
    unsigned char bits = 0;
    while (i < text.size() && !is_ascii_space(text[i])) bits |= static_cast<unsigned char>(text[i++]);
    if (bits >= 0x80 || !use_ascii_) {
      if (waiting == none) waiting = begin;
      continue;
    }
    if (waiting != none) by_icu(text.substr(waiting, begin - waiting), take);
    waiting = none;
    by_table(text.substr(run, i - run), take);
  }
  if (waiting != none) by_icu(text.substr(waiting), take);
}

void Words::by_table(std::string_view run, const Take& take) {
  if (form_.folds_case()) {
    buffer_.assign(run);
    for (char& c : buffer_) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    run = buffer_;
  }
  ascii_.split(run, [&](std::size_t begin, std::size_t end) { take(run.substr(begin, end - begin)); });
}

void Words::by_icu(std::string_view text, const Take& take) {
  const icu::UnicodeString& form = form_(text);
  breaks_->setText(form);
  const char16_t* units = form.getBuffer();
  std::int32_t begin = breaks_->first();
  for (std::int32_t next = breaks_->next(); next != icu::BreakIterator::DONE; next = breaks_->next()) {
    std::int32_t end = next;
    if (trim(units, begin, end)) {
      to_utf8(units + begin, end - begin, buffer_);
      take(buffer_);
    }
    begin = next;
  }
}

std::string Words::detokenize(const std::vector<std::string>& tokens) const {
  return join_words(tokens);
}

}  // namespace weft::nlp
