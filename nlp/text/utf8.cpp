#include <bit>
#include <cstdint>
#include <cstring>

#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

bool continues(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

/// The length of the well-formed sequence of two to four bytes at p, 0 where there is none.
std::size_t sequence_length(const unsigned char* p, std::size_t n) {
  const unsigned char lead = p[0];
  if (lead < 0xC2 || lead > 0xF4 || n < 2 || !continues(p[1])) return 0;
  if (lead < 0xE0) return 2;
  // The second byte's range shuts out overlong forms, surrogates and what lies above U+10FFFF.
  if (lead == 0xE0 && p[1] < 0xA0) return 0;
  if (lead == 0xED && p[1] > 0x9F) return 0;
  if (lead == 0xF0 && p[1] < 0x90) return 0;
  if (lead == 0xF4 && p[1] > 0x8F) return 0;
  if (n < 3 || !continues(p[2])) return 0;
  if (lead < 0xF0) return 3;
  return n >= 4 && continues(p[3]) ? 4 : 0;
}

/// How many bytes at p are well-formed sequences of three, the characters of Chinese, Japanese and Korean;
/// one comparison finds a sequence, and one more shuts out overlong forms and surrogates.
std::size_t three_byte_run(const unsigned char* p, std::size_t n) {
  std::size_t i = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (std::uint32_t word = 0; i + 4 <= n; i += 3) {
      std::memcpy(&word, p + i, 4);
      if ((word & 0x00C0C0F0U) != 0x008080E0U) break;
      const std::uint32_t range =
          word & 0x0000200FU;  // of the lead, and the bit of the second byte that counts
      if (range == 0 || range == 0x200DU) break;
    }
  }
  return i;
}

}  // namespace

std::size_t check_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t n = text.size();
  std::size_t i = 0;
  while (i < n) {
    if (p[i] >= 0x80) {
      i += three_byte_run(p + i, n - i);
      if (i == n || p[i] < 0x80) continue;
      const std::size_t length = sequence_length(p + i, n - i);
      if (length == 0) return i;
      i += length;
      continue;
    }
    for (std::uint64_t word = 0; i + 8 <= n; i += 8) {
      std::memcpy(&word, p + i, 8);
      if ((word & 0x8080808080808080U) != 0) break;
    }
    while (i < n && p[i] < 0x80) ++i;
  }
  return std::string_view::npos;
}

}  // namespace weft::nlp
