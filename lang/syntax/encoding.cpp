#include <cstdio>

#include "lang/concat.h"
#include "lang/syntax/lexer.h"
#include "lang/syntax/limits.h"
#include "lang/syntax/syntax_codes.h"
#include "lang/utf8.h"

namespace weft::syntax {
std::optional<Diagnostic> encoding_fault(std::string_view source, std::uint32_t file) {
  Diagnostic d;
  d.code = syntax_code::not_utf8;
  d.span.file = file;
  if (source.size() > kLargestSource) {
    d.code = syntax_code::too_large;
    d.message = "a program of more than 4 MiB";
    d.help = "data belongs in a file of its own, opened with `data`";
    return d;
  }
  for (std::size_t at = 0; at < source.size();) {
    const Utf8Character c = decode_utf8(source, at);
    if (c.valid && c.value != 0) {
      at += c.length;
      continue;
    }
    d.span.begin = static_cast<std::uint32_t>(at);
    d.span.end = d.span.begin + 1;
    if (c.valid) {
      d.message = concat("a NUL byte at offset ", std::to_string(at));
      d.label = "no text holds one";
    } else {
      char hex[8];
      std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(source[at])));
      d.message = concat("not UTF-8: byte ", hex, " at offset ", std::to_string(at));
      d.label = "no UTF-8 character starts like this";
      d.help = "programs are UTF-8 text; convert the file, for example with iconv";
    }
    return d;
  }
  return std::nullopt;
}

}  // namespace weft::syntax
