#include <random>

#include "nlp/text/segments.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;

namespace {

struct Placed {
  std::string token;
  std::size_t begin, end;
  bool operator==(const Placed&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Placed& p) {
  return out << p.token << " [" << p.begin << ", " << p.end << ")";
}

std::vector<Placed> placed(const TokenizerSettings& settings, std::string_view text) {
  std::vector<Placed> out;
  make_tokenizer(settings)->tokenize_spans(text, [&](std::string_view token, ByteSpan span) {
    out.push_back({std::string(token), span.begin, span.end});
  });
  return out;
}

using All = std::vector<Placed>;

}  // namespace

TEST_CASE("spans: words keep their places through normalization and folding") {
  CHECK(placed({}, "The Cat.") == All{{"the", 0, 3}, {"cat", 4, 7}, {".", 7, 8}});
  // fi as one character, e with a combining accent, sharp s
  CHECK(placed({}, "\uFB01ne caf\u0065\u0301 Stra\u00DFe") ==
        All{{"fine", 0, 5}, {"caf\u00E9", 6, 12}, {"strasse", 13, 20}});
  CHECK(placed({}, "\uFF21\uFF22 \u2460x") == All{{"ab", 0, 6}, {"1x", 7, 11}});
  // What one character becomes is all of that character's.
  CHECK(placed(settings_of("chars"), "\u00BD") == All{{"1", 0, 2}, {"\u2044", 0, 2}, {"2", 0, 2}});
  CHECK(placed({}, "\u6211\u7231\u5317\u4EAC") ==
        All{{"\u6211", 0, 3}, {"\u7231", 3, 6}, {"\u5317\u4EAC", 6, 12}});
}

TEST_CASE("spans: chars, bytes and white space") {
  CHECK(placed(settings_of("chars"), "Ae\u0301\u00DF") ==
        All{{"a", 0, 1}, {"\u00E9", 1, 4}, {"s", 4, 6}, {"s", 4, 6}});
  CHECK(placed(settings_of("chars", Normalize::none, false), "a\r\nb") ==
        All{{"a", 0, 1}, {"\r\n", 1, 3}, {"b", 3, 4}});
  CHECK(placed(TokenizerSettings::of("bytes"), "a\u00E9 ") ==
        All{{"a", 0, 1}, {"<0xC3>", 1, 2}, {"<0xA9>", 2, 3}, {"<0x20>", 3, 4}});
  CHECK(placed(settings_of("bytes", Normalize::nfd, false), "\u00E9") ==
        All{{"e", 0, 2}, {"<0xCC>", 0, 2}, {"<0x81>", 0, 2}});
  CHECK(placed(TokenizerSettings::of("whitespace"), " one,\t\u00C4two\u3000x") ==
        All{{"one,", 1, 5}, {"\u00C4two", 6, 11}, {"x", 14, 15}});
  CHECK(placed(settings_of("whitespace"), "A\uFB01 \u00C4") == All{{"afi", 0, 4}, {"\u00E4", 5, 7}});
}

TEST_CASE("spans: Hangul put together or taken apart") {
  const auto nfc = settings_of("chars", Normalize::nfc, false);
  CHECK(placed(nfc, "\u1112\u1161\u11ABx") == All{{"\uD55C", 0, 9}, {"x", 9, 10}});
  const auto nfd = settings_of("bytes", Normalize::nfd, false);
  CHECK(placed(nfd, "\uD55C").size() == 9);
  for (const auto& byte : placed(nfd, "\uD55C")) CHECK((byte.begin == 0 && byte.end == 3));
}

TEST_CASE("spans: the tokens are those without spans, in order and inside the text") {
  const std::vector<std::string> parts = {
      "a",      "B",      "7",      " ",      "  ",     "'",      ".",          "\u00E9", "\u0301", "\u2019",
      "\u4E2D", "\u6587", "\u5B57", "\u00A0", "\u3000", "\u200D", "\U0001F44D", "\u0E01", "\u0E35", "\u00AD",
      "\u0627", "\u0653", "\t",     "\n",     "\u1100", "\u1161", "\u11A8",     "\u05D0", "\u0344", "\uFB01",
      "\u00DF", "\u0130", "\u1FB3", "\u0345", "\u212B", "\u0327", "\uAC00",     "\u304B", "\u3099", "\u03A3"};
  std::mt19937 random(5);
  for (const auto& kind : {"words", "chars", "bytes", "whitespace"}) {
    for (const auto form :
         {Normalize::none, Normalize::nfc, Normalize::nfkc, Normalize::nfd, Normalize::nfkd}) {
      for (int flags = 0; flags < 8; ++flags) {
        auto settings = settings_of(kind, form, (flags & 1) != 0, (flags & 2) != 0 ? "tr" : "");
        settings.strip_accents = (flags & 4) != 0;
        const auto tokenizer = make_tokenizer(settings);
        for (int round = 0; round < 150; ++round) {
          std::string text;
          for (auto n = random() % 12; n > 0; --n) text += parts[random() % parts.size()];
          const auto expected = tokens_of(*tokenizer, text);
          std::vector<std::string> got;
          bool inside = true;
          tokenizer->tokenize_spans(text, [&](std::string_view token, ByteSpan span) {
            got.emplace_back(token);
            inside = inside && span.begin < span.end && span.end <= text.size() &&
                     check_utf8(kind == std::string("bytes")
                                    ? ""
                                    : text.substr(span.begin, span.end - span.begin)) == std::string::npos;
          });
          if (got != expected || !inside) {
            INFO(settings.to_json() << " " << text);
            CHECK(got == expected);
            CHECK(inside);
          }
        }
      }
    }
  }
}

TEST_CASE("spans: a text of several segments") {
  std::string text;
  while (text.size() < 2 * kSegmentBytes) text += "Gr\u00FC\u00DFe, World \u4E16\u754C! ";
  for (const char* kind : {"words", "chars", "whitespace"}) {
    const auto settings = settings_of(kind, Normalize::none, false);
    std::size_t at = 0;
    for (const auto& one : placed(settings, text)) {
      CHECK_FALSE(one.begin < at);
      if (text.substr(one.begin, one.end - one.begin) != one.token)
        CHECK(text.substr(one.begin, one.end - one.begin) == one.token);
      at = one.end;
    }
  }
}
