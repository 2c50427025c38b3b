#include "nlp/text/segments.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace weft::nlp {

namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Whether a text may be cut in front of this character without changing how either part is normalized.
bool can_cut_before(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(status);
  return (U_FAILURE(status) || form->hasBoundaryBefore(c)) && !u_hasBinaryProperty(c, UCHAR_GRAPHEME_EXTEND);
}

}  // namespace

std::size_t segment_length(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  for (std::size_t i = limit; i > 0; --i) {
    if (is_ascii_space(text[i]) && is_ascii(text[i - 1]) && !is_ascii_space(text[i - 1])) return i;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto start = static_cast<std::int32_t>(limit);
  U8_SET_CP_START(bytes, 0, start);
  const std::int32_t last = start;
  for (int tries = 0; start > 0 && tries < 64; ++tries) {
    UChar32 c = 0;
    std::int32_t end = start;
    U8_NEXT(bytes, end, static_cast<std::int32_t>(limit) + 4, c);
    if (can_cut_before(c)) return static_cast<std::size_t>(start);
    U8_BACK_1(bytes, 0, start);
  }
  return static_cast<std::size_t>(last);
}

}  // namespace weft::nlp
