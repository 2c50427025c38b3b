#include "corpora/invalid_text.h"

#include <algorithm>

#include "nlp/text/tokenizer.h"

namespace weft::corpora {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// How many bytes at p, which begin no character, stand for one fault: the longest beginning of a character.
std::size_t fault_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t whole = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : 1;
  std::size_t n = 1;
  while (n < whole && n < text.size()) {
    unsigned char low = 0x80, high = 0xBF;
    if (n == 1 && lead == 0xE0) low = 0xA0;
    if (n == 1 && lead == 0xED) high = 0x9F;
    if (n == 1 && lead == 0xF0) low = 0x90;
    if (n == 1 && lead == 0xF4) high = 0x8F;
    if (byte(n) < low || byte(n) > high) break;
    ++n;
  }
  return n;
}

}  // namespace

std::size_t first_invalid(std::string_view text) {
  const std::size_t nul = text.find('\0');
  const std::size_t bad = nlp::check_utf8(text.substr(0, nul));
  return bad != std::string_view::npos ? bad : nul;
}

std::int64_t mend(std::string_view text, Invalid policy, std::string& out) {
  std::int64_t places = 0;
  out.clear();
  std::size_t done = 0, nul = text.find('\0');
  for (;;) {
    if (nul != std::string_view::npos && nul < done) nul = text.find('\0', done);
    const std::string_view ahead = text.substr(done, nul == std::string_view::npos ? nul : nul - done);
    const std::size_t good = std::min(nlp::check_utf8(ahead), ahead.size());
    out.append(ahead.substr(0, good));
    done += good;
    if (done == text.size()) return places;
    ++places;
    if (policy == Invalid::replace) out.append(kReplacement);
    done += fault_length(text.substr(done));
  }
}

}  // namespace weft::corpora
