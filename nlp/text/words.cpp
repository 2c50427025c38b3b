#include "nlp/text/words.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include <cstdint>
#include <cstring>

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

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0, eight = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::memcpy(&eight, text.data() + i, 8);
    all |= eight;
  }
  for (; i < text.size(); ++i) all |= static_cast<unsigned char>(text[i]);
  return (all & 0x8080808080808080U) == 0;
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

void Words::tokenize(std::string_view text, Take take) {
  const auto by_table = [&](std::string_view form, std::size_t) {
    ascii_.split(form, [&](std::size_t begin, std::size_t end) { take(form.substr(begin, end - begin)); });
  };
  const auto by_icu = [&](std::string_view part, std::size_t) {
    const icu::UnicodeString& form = form_(part);
    find_words(form, [&](std::int32_t begin, std::int32_t end) {
      to_utf8(form.getBuffer() + begin, end - begin, buffer_);
      take(buffer_);
    });
  };
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t length = segment_length(text.substr(offset));
    segment(text.substr(offset, length), offset, by_table, by_icu);
    offset += length;
  }
}

void Words::tokenize_spans(std::string_view text, TakeSpan take) {
  const auto by_table = [&](std::string_view form, std::size_t offset) {
    ascii_.split(form, [&](std::size_t begin, std::size_t end) {
      take(form.substr(begin, end - begin), {offset + begin, offset + end});
    });
  };
  const auto by_icu = [&](std::string_view part, std::size_t offset) {
    const AlignedText& form = form_.aligned(part);
    find_words(form.text(), [&](std::int32_t begin, std::int32_t end) {
      to_utf8(form.text().getBuffer() + begin, end - begin, buffer_);
      const ByteSpan span = form.source(begin, end);
      take(buffer_, {offset + span.begin, offset + span.end});
    });
  };
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t length = segment_length(text.substr(offset));
    segment(text.substr(offset, length), offset, by_table, by_icu);
    offset += length;
  }
}

/// Calls by_table(form, offset) with runs of ASCII in their form, by_icu(part, offset) with all else; `at` is
/// where the segment begins in the text, and offsets are those of the text.
///
/// UAX #29 has a boundary in front of every run of white space, and behind it too unless a combining mark
/// follows. So a run of other characters, with the white space before it, can be segmented on its own.
template <class Table, class Icu>
void Words::segment(std::string_view text, std::size_t at, Table by_table, Icu by_icu) {
  if (use_ascii_ && is_ascii(text)) {
    by_table(folded(text), at);
    return;
  }
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
    if (waiting != none) by_icu(text.substr(waiting, begin - waiting), at + waiting);
    waiting = none;
    by_table(folded(text.substr(run, i - run)), at + run);
  }
  if (waiting != none) by_icu(text.substr(waiting), at + waiting);
}

/// ASCII text with its case folded where that is asked for. Valid until the next call.
std::string_view Words::folded(std::string_view text) {
  if (!form_.folds_case()) return text;
  folded_.assign(text);
  std::size_t i = 0;
  // Eight bytes at a time: the top bit of a sum tells whether a byte is at least `A`, and above `Z`.
  for (std::uint64_t eight = 0; i + 8 <= folded_.size(); i += 8) {
    std::memcpy(&eight, folded_.data() + i, 8);
    const std::uint64_t from_a = eight + 0x3F3F3F3F3F3F3F3FU, above_z = eight + 0x2525252525252525U;
    eight += (from_a & ~above_z & 0x8080808080808080U) >> 2;
    std::memcpy(folded_.data() + i, &eight, 8);
  }
  for (; i < folded_.size(); ++i) {
    char& c = folded_[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return folded_;
}

/// found(begin, end) with the units of each word, in order.
template <class Found>
void Words::find_words(const icu::UnicodeString& text, Found found) {
  breaks_->setText(text);
  const char16_t* units = text.getBuffer();
  std::int32_t begin = breaks_->first();
  for (std::int32_t next = breaks_->next(); next != icu::BreakIterator::DONE; next = breaks_->next()) {
    std::int32_t end = next;
    if (trim(units, begin, end)) found(begin, end);
    begin = next;
  }
}

std::string Words::detokenize(const std::vector<std::string>& tokens) const {
  return join_words(tokens);
}

}  // namespace weft::nlp
