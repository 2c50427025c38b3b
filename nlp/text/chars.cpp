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

/// by_byte(c, offset) where every byte is a cluster, by_icu(segment, offset) elsewhere.
template <class Byte, class Icu>
void Chars::segments(std::string_view text, Byte by_byte, Icu by_icu) {
  for (std::size_t offset = 0; offset < text.size();) {
    const std::string_view rest = text.substr(offset);
    const std::string_view segment = rest.substr(0, segment_length(rest));
    if (form_.ascii_is_simple() && one_byte_each(segment)) {
      const bool fold = form_.folds_case();
      for (std::size_t i = 0; i < segment.size(); ++i) {
        char c = segment[i];
        if (fold && c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        by_byte(c, offset + i);
      }
    } else {
      by_icu(segment, offset);
    }
    offset += segment.size();
  }
}

template <class Found>
void Chars::find_clusters(const icu::UnicodeString& text, Found found) {
  breaks_->setText(text);
  std::int32_t begin = breaks_->first();
  for (std::int32_t end = breaks_->next(); end != icu::BreakIterator::DONE; end = breaks_->next()) {
    to_utf8(text.getBuffer() + begin, end - begin, buffer_);
    found(begin, end);
    begin = end;
  }
}

void Chars::tokenize(std::string_view text, Take take) {
  segments(
      text, [&](char c, std::size_t) { take(std::string_view(&c, 1)); },
      [&](std::string_view segment, std::size_t) {
        find_clusters(form_(segment), [&](std::int32_t, std::int32_t) { take(buffer_); });
      });
}

void Chars::tokenize_spans(std::string_view text, TakeSpan take) {
  segments(
      text,
      [&](char c, std::size_t offset) {
        take(std::string_view(&c, 1), {offset, offset + 1});
      },
      [&](std::string_view segment, std::size_t offset) {
        const AlignedText& form = form_.aligned(segment);
        find_clusters(form.text(), [&](std::int32_t begin, std::int32_t end) {
          const ByteSpan span = form.source(begin, end);
          take(buffer_, {offset + span.begin, offset + span.end});
        });
      });
}

std::string Chars::detokenize(const std::vector<std::string>& tokens) const {
  std::string text;
  for (const std::string& token : tokens) text += token == kEnd ? "\n" : token;
  return text;
}

}  // namespace weft::nlp
