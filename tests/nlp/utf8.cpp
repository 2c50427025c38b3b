#include <unicode/utf8.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "nlp/text/tokenizer.h"
#include "tests/catch2.h"

using weft::nlp::check_utf8;

namespace {

constexpr std::size_t kValid = std::string_view::npos;

/// Where ICU's own decoder first meets an ill-formed sequence.
std::size_t by_icu(const std::string& text) {
  const auto n = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < n;) {
    const std::int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(reinterpret_cast<const std::uint8_t*>(text.data()), i, n, c);
    if (c < 0) return static_cast<std::size_t>(start);
  }
  return kValid;
}

}  // namespace

TEST_CASE("check_utf8 gives the offset of the first ill-formed sequence") {
  struct {
    std::string text;
    std::size_t offset;
  } const cases[] = {
      {"", kValid},
      {"plain text longer than eight bytes", kValid},
      {std::string("a\0b", 3), kValid},
      {"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", kValid},
      {"\xED\x9F\xBF\xEE\x80\x80", kValid},  // either side of the surrogates
      {"12345678\xFF", 8},
      {"1234567\x80", 7},  // a continuation byte alone
      {"ab\xC0\xAF", 2},   // overlong /
      {"\xC1\xBF", 0},
      {"\xE0\x9F\xBF", 0},  // overlong
      {"\xF0\x8F\xBF\xBF", 0},
      {"x\xED\xA0\x80", 1},  // surrogates
      {"x\xED\xBF\xBF", 1},
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"\xFE", 0},
      {"caf\xC3", 3},  // cut short
      {"\xE2\x82", 0},
      {"\xE2\x82 ", 0},
      {"\xF0\x9F\x98", 0},
      {"\xE2\x28\xA1", 0},
      {"\xF0\x9F\x98\x80\xF0\x9F\x28\x80", 4},
  };
  for (const auto& one : cases) {
    INFO("ICU: " << by_icu(one.text));
    CHECK(check_utf8(one.text) == one.offset);
    CHECK(by_icu(one.text) == one.offset);
  }
}

TEST_CASE("check_utf8 agrees with ICU on random bytes") {
  // Bytes at the borders of the ranges of table 3-7, so that well-formed sequences come about often.
  const std::string alphabet(
      "a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xFF");
  std::mt19937 random(7);
  int valid = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text(random() % 10, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    const std::size_t expected = by_icu(text);
    if (check_utf8(text) != expected) CHECK(check_utf8(text) == expected);
    valid += expected == kValid ? 1 : 0;
  }
  CHECK(valid > 1000);
}
