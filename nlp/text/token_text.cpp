#include "nlp/text/token_text.h"

#include <algorithm>

#include "nlp/text/segments.h"

namespace weft::nlp {

namespace {

constexpr std::string_view kSpace = "\u2581";

}  // namespace

void append_token(std::string_view token, std::string& out) {
  if (std::none_of(token.begin(), token.end(), [](char c) { return is_ascii_space(c); })) {
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
