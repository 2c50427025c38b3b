#include "nlp/text/chars.h"

#include <algorithm>

#include "nlp/text/segments.h"
#include "nlp/text/utf16.h"
#include "nlp/text/vocabulary.h"

namespace weft::nlp {

namespace {

std::unique_ptr<icu::BreakIterator> cluster_breaks(const icu::Locale& locale) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createCharacterInstance(locale, status));
  require_icu(status, "grapheme boundaries");
  return breaks;
}

/// Whether every byte is a cluster: ASCII without carriage returns, which join a line feed.
bool one_byte_each(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\r'; });
}

}  // namespace

Chars::Chars(const TokenizerSettings& settings) : Chars(settings, parse_locale(settings.locale)) {}

Chars::Chars(const TokenizerSettings& settings, const icu::Locale& locale)
    : form_(settings, locale), breaks_(cluster_breaks(locale)) {}

void Chars::tokenize(std::string_view text, const std::function<void(std::string_view)>& take) {
  while (!text.empty()) {
    const std::string_view segment = text.substr(0, segment_length(text));
    text.remove_prefix(segment.size());
    if (form_.ascii_is_simple() && one_byte_each(segment)) {
      const bool fold = form_.folds_case();
      for (char c : segment) {
        if (fold && c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        take(std::string_view(&c, 1));
      }
      continue;
    }
    const icu::UnicodeString& form = form_(segment);
    breaks_->setText(form);
    std::int32_t begin = breaks_->first();
    for (std::int32_t end = breaks_->next(); end != icu::BreakIterator::DONE; end = breaks_->next()) {
      to_utf8(form.getBuffer() + begin, end - begin, buffer_);
      take(buffer_);
      begin = end;
    }
  }
}

std::string Chars::detokenize(const std::vector<std::string>& tokens) const {
  std::string text;
  for (const std::string& token : tokens) text += token == kEnd ? "\n" : token;
  return text;
}

}  // namespace weft::nlp
