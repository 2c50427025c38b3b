#pragma once

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <string>

namespace weft::nlp {

/// Replaces `out` by the UTF-8 of well-formed UTF-16, reusing its memory.
inline void to_utf8(const char16_t* text, std::int32_t length, std::string& out) {
  out.resize(static_cast<std::size_t>(length) * 3);
  std::int32_t written = 0;
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U16_NEXT_UNSAFE(text, i, c);
    U8_APPEND_UNSAFE(reinterpret_cast<std::uint8_t*>(out.data()), written, c);
  }
  out.resize(static_cast<std::size_t>(written));
}

}  // namespace weft::nlp
