#include "nlp/text/token_text.h"

#include <cstdint>
#include <cstring>

#include "nlp/text/segments.h"

namespace weft::nlp {

namespace {

constexpr std::string_view kSpace = "\u2581";

/// Whether one of eight bytes is below '!', or hardly ever where none is.
bool has_low(std::uint64_t eight) {
  return ((eight - 0x2121212121212121U) & ~eight & 0x8080808080808080U) != 0;
}

/// False: no byte of the token is white space.
bool may_hold_space(std::string_view token) {
  const char* const bytes = token.data();
  const std::size_t n = token.size();
  if (n >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + n - 8, 8);
    bool found = has_low(eight);
    for (std::size_t i = 0; i + 8 < n; i += 8) {
      std::memcpy(&eight, bytes + i, 8);
      found |= has_low(eight);
    }
    return found;
  }
  if (n >= 4) {
    std::uint32_t first = 0, last = 0;
    std::memcpy(&first, bytes, 4);
    std::memcpy(&last, bytes + n - 4, 4);
    return has_low(first | std::uint64_t{last} << 32);
  }
  bool found = false;
  for (const char c : token) found |= static_cast<unsigned char>(c) < 0x21;
  return found;
}

}  // namespace

void append_token(std::string_view token, std::string& out) {
  if (!may_hold_space(token)) {
    out += token;
    return;
  }
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : token) {
    if (!is_ascii_space(c)) {
      out += c;
    } else if (c == ' ') {
      out += kSpace;
    } else {
      out += "<0x0";
      out += digits[static_cast<unsigned char>(c) & 15];
      out += '>';
    }
  }
}

std::string read_token(std::string_view written) {
  std::string out;
  while (!written.empty()) {
    if (written.substr(0, kSpace.size()) == kSpace) {
      out += ' ';
      written.remove_prefix(kSpace.size());
    } else if (written.size() >= 6 && written.substr(0, 4) == "<0x0" && written[5] == '>' &&
               (written[4] == '9' || (written[4] >= 'A' && written[4] <= 'D'))) {
      out += static_cast<char>(written[4] == '9' ? 9 : written[4] - 'A' + 10);
      written.remove_prefix(6);
    } else {
      out += written[0];
      written.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace weft::nlp
