#include "nlp/text/aligned_text.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "nlp/text/text_form.h"

namespace weft::nlp {

void AlignedText::assign(std::string_view utf8) {
  text_.remove();
  sources_.clear();
  const auto n = static_cast<std::int32_t>(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  for (std::int32_t i = 0; i < n;) {
    const auto begin = static_cast<std::size_t>(i);
    UChar32 c = 0;
    U8_NEXT_UNSAFE(bytes, i, c);
    text_.append(c);
    sources_.resize(sources_.size() + U16_LENGTH(c), {begin, static_cast<std::size_t>(i)});
  }
}

ByteSpan AlignedText::source(std::int32_t begin, std::int32_t end) const {
  ByteSpan span = sources_[static_cast<std::size_t>(begin)];
  for (std::int32_t i = begin + 1; i < end; ++i) {
    const ByteSpan& unit = sources_[static_cast<std::size_t>(i)];
    span = {std::min(span.begin, unit.begin), std::max(span.end, unit.end)};
  }
  return span;
}

/// end_of(i): where the sequence that begins at i ends. change(sequence, out): false where it stays as it is.
template <class EndOf, class Change>
void AlignedText::rewrite(EndOf end_of, Change change) {
  icu::UnicodeString result, sequence, changed;
  std::vector<ByteSpan> sources;
  sources.reserve(sources_.size());
  for (std::int32_t begin = 0; begin < text_.length();) {
    const std::int32_t end = end_of(begin);
    sequence.setTo(text_, begin, end - begin);
    if (change(sequence, changed)) {
      result.append(changed);
      sources.resize(sources.size() + static_cast<std::size_t>(changed.length()), source(begin, end));
    } else {
      result.append(sequence);
      sources.insert(sources.end(), sources_.begin() + begin, sources_.begin() + end);
    }
    begin = end;
  }
  text_.swap(result);
  sources_.swap(sources);
}

void AlignedText::normalize(const icu::Normalizer2& form) {
  UErrorCode status = U_ZERO_ERROR;
  if (form.spanQuickCheckYes(text_, status) == text_.length()) return;
  rewrite(
      [&](std::int32_t i) {
        do i = text_.moveIndex32(i, 1);
        while (i < text_.length() && !form.hasBoundaryBefore(text_.char32At(i)));
        return i;
      },
      [&](const icu::UnicodeString& sequence, icu::UnicodeString& out) {
        form.normalize(sequence, out, status);
        require_icu(status, "normalization");
        return out != sequence;
      });
}

void AlignedText::fold_case(std::uint32_t options) {
  rewrite([&](std::int32_t i) { return text_.moveIndex32(i, 1); },
          [&](const icu::UnicodeString& character, icu::UnicodeString& out) {
            out = character;
            return out.foldCase(options) != character;
          });
}

void AlignedText::strip_accents(Accents& accents) {
  rewrite(
      [&](std::int32_t i) {
        do i = text_.moveIndex32(i, 1);
        while (i < text_.length() && !accents.boundaries().hasBoundaryBefore(text_.char32At(i)));
        return i;
      },
      [&](const icu::UnicodeString& sequence, icu::UnicodeString& out) {
        return accents.strip(sequence, out);
      });
}

void AlignedText::to_utf8(std::string& text, std::vector<ByteSpan>& sources) const {
  text.clear();
  sources.clear();
  for (std::int32_t i = 0; i < text_.length();) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U16_NEXT_UNSAFE(text_.getBuffer(), i, c);
    std::uint8_t bytes[U8_MAX_LENGTH];
    std::int32_t n = 0;
    U8_APPEND_UNSAFE(bytes, n, c);
    text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n));
    const ByteSpan from = source(begin, i);
    // A character that one of as many bytes became, alone: byte for byte.
    const auto shared = [&](std::int32_t unit) {
      return unit >= 0 && unit < text_.length() && sources_[static_cast<std::size_t>(unit)] == from;
    };
    const bool as_long =
        from.end - from.begin == static_cast<std::size_t>(n) && !shared(begin - 1) && !shared(i);
    for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k)
      sources.push_back(as_long ? ByteSpan{from.begin + k, from.begin + k + 1} : from);
  }
}

}  // namespace weft::nlp
