#include "nlp/text/words.h"

#include <random>

#include "nlp/text/segments.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;
using Strings = std::vector<std::string>;

namespace {

Strings words(std::string_view text) {
  return tokens_of(TokenizerSettings{}, text);
}

}  // namespace

TEST_CASE("words: punctuation, numbers, contractions") {
  CHECK(words("The cat sat.") == Strings{"the", "cat", "sat", "."});
  CHECK(words("Don't pay $3.50 for 1,000!") == Strings{"don't", "pay", "$", "3.50", "for", "1,000", "!"});
  CHECK(words("well-known (sic)") == Strings{"well", "-", "known", "(", "sic", ")"});
  CHECK(words("the boys' \"toys\"...") == Strings{"the", "boys", "'", "\"", "toys", "\"", ".", ".", "."});
  CHECK(words("snake_case2 U.S.A.") == Strings{"snake_case2", "u.s.a", "."});
  CHECK(words(" \t two \r\n lines \x01\x7F ") == Strings{"two", "lines"});
  CHECK(words("").empty());
  CHECK(words(" \u3000\u00A0\u2028 ").empty());
}

TEST_CASE("words: the example of UAX #29, section 4, figure 1") {
  // The quick (“brown”) fox can’t jump 32.3 feet, right?
  CHECK(words("The quick (\u201Cbrown\u201D) fox can\u2019t jump 32.3 feet, right?") ==
        Strings{"the", "quick", "(", "\u201C", "brown", "\u201D", ")", "fox", "can\u2019t", "jump", "32.3",
                "feet", ",", "right", "?"});
}

TEST_CASE("words: scripts without spaces are segmented by dictionary") {
  CHECK(words("我爱北京天安门") == Strings{"我", "爱", "北京", "天安门"});
  CHECK(words("สวัสดีชาวโลก") == Strings{"สวัสดี", "ชาว", "โลก"});
  CHECK(words("東京に行く") == Strings{"東京", "に", "行く"});
  CHECK(words("Weft说中文。") == Strings{"weft", "说", "中文", "。"});
}

TEST_CASE("words: emoji sequences stay whole") {
  CHECK(words("ok 👩‍👩‍👧 👍🏽!") == Strings{"ok", "👩‍👩‍👧", "👍🏽", "!"});
  CHECK(words("🇩🇪🇫🇷") == Strings{"🇩🇪", "🇫🇷"});
}

TEST_CASE("words: normalization and case folding") {
  CHECK(words("ﬁne ＡＢＣ① ²") == Strings{"fine", "abc1", "2"});
  CHECK(words("STRASSE Straße ΣΊΣΥΦΟΣ") == Strings{"strasse", "strasse", "σίσυφοσ"});
  CHECK(words("cafe\u0301") == Strings{"caf\u00E9"});
  const auto nfc = settings_of("words", Normalize::nfc, false);
  CHECK(tokens_of(nfc, "ﬁne Cafe\u0301 Straße") == Strings{"ﬁne", "Caf\u00E9", "Straße"});
  const auto none = settings_of("words", Normalize::none, false);
  CHECK(tokens_of(none, "Cafe\u0301 THE") == Strings{"Cafe\u0301", "THE"});
  // U+0345 folds to a letter, which leaves the normalized form until it is normalized again.
  CHECK(words("\u1FB3") == words("\u03B1\u0345"));
}

TEST_CASE("words: locales") {
  CHECK(tokens_of(settings_of("words", Normalize::nfkc, true, "tr"), "ISPARTA İZMİR") ==
        Strings{"\u0131sparta", "izmir"});
  CHECK(words("ISPARTA") == Strings{"isparta"});
  CHECK_THROWS_WITH(
      make_tokenizer(settings_of("words", Normalize::nfc, true, "not a locale")),
      "[tokenizer] expected a locale as in BCP 47, such as en or zh-Hant, got \"not a locale\"");
  CHECK_THROWS_AS(make_tokenizer(settings_of("words", Normalize::nfc, true, "qqx")), std::invalid_argument);
  CHECK_THROWS_WITH(
      make_tokenizer(settings_of("phonemes")),
      "[tokenizer] expected kind words, chars, bytes, whitespace or sentencepiece, got \"phonemes\"");
}

TEST_CASE("words: the short way for ASCII agrees with ICU on random text") {
  const std::string plain =
      "aabzAXYZ0129  __..''::,,;;--\"\"@@##&*()[]{}<>/\\|~`!?$%^+=\t\n\r\v\f\x01\x1F\x7F";
  const Strings mixed = {"a",  "B",      "7",  " ",      "  ",     "'",      ".", "é", "\u0301", "\u2019",
                         "中", "文",     "字", "\u00A0", "\u3000", "\u200D", "👍", "ก", "ี",       "\u00AD",
                         "ا",  "\u0600", "\t", "\n",     ",",      ":",      "_", "א", "\"",     "ﬁ"};
  std::mt19937 random(3);
  for (const char* locale : {"", "sv", "en-US-u-va-posix", "tr"}) {
    for (const bool fold : {true, false}) {
      const auto settings = settings_of("words", Normalize::nfkc, fold, locale);
      Words with(settings), without(settings, false);
      for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (auto n = random() % 24; n > 0; --n) {
          text += round % 2 == 0 ? std::string(1, plain[random() % plain.size()])
                                 : mixed[random() % mixed.size()];
        }
        const Strings expected = tokens_of(without, text);
        const Strings got = tokens_of(with, text);
        if (got != expected) {
          INFO("text: " << text << "  locale: " << locale);
          CHECK(got == expected);
        }
      }
    }
  }
}

TEST_CASE("words: every ASCII character between others, and texts that try the rules") {
  const auto settings = settings_of("words");
  Words with(settings), without(settings, false);
  for (const std::string before : {"", "a", "1", " ", "a'", "1,", "_", "\""}) {
    for (const std::string after : {"", "b", "Z", "2", " ", "'b", ".3", "_", "\r\n"}) {
      for (int c = 0; c < 128; ++c) {
        const std::string text = before + static_cast<char>(c) + after;
        if (tokens_of(with, text) != tokens_of(without, text)) {
          INFO("character " << c << " in: " << text);
          CHECK(tokens_of(with, text) == tokens_of(without, text));
        }
      }
    }
  }
  for (const std::string text :
       {"It's 3.14, isn't it? 1,000.50 a.m. e.g. http://a.b/c?d=e&f#g x@y.org C++ #tag $9.99 50% rock'n'roll",
        "'quoted' ''twice'' don''t 'tis O'Neil's 1.2.3.4 1..2 1,,2 a.b a..b a:b 1:2 a;b 1;2 a,b 1,2. .5 5. "
        "-1 --x",
        "snake_case __init__ _ a_1 1_a A1B2 ABCxyz@[`{AZaz \t\v\f tabs \x01\x7F controls (a)[b]{c}<d>"}) {
    CHECK(tokens_of(with, text) == tokens_of(without, text));
  }
}

TEST_CASE("words: a long text is cut where no word is torn") {
  std::string text;
  Strings expected;
  for (int i = 0; text.size() < 5 * kSegmentBytes; ++i) {
    const std::string word = "wörd" + std::to_string(i);
    text += word + (i % 7 == 0 ? ",  " : " ");
    expected.push_back(word);
    if (i % 7 == 0) expected.push_back(",");
  }
  CHECK(words(text) == expected);

  // Without white space it is cut between characters, and every byte comes out once.
  std::string joined;
  for (const auto& token : words(std::string(3 * kSegmentBytes, 'x'))) joined += token;
  CHECK(joined.size() == 3 * kSegmentBytes);
  std::string marks = "a";
  for (int i = 0; i < 40000; ++i) marks += i % 20 == 0 ? "e" : "\u0301";
  std::string all;
  for (const auto& token : tokens_of(settings_of("words", Normalize::none, false), marks)) all += token;
  CHECK(all == marks);
}

TEST_CASE("segment_length") {
  CHECK(segment_length("short", 8) == 5);
  CHECK(segment_length("one two three", 8) == 7);
  CHECK(segment_length("one two  three", 9) == 7);
  CHECK(segment_length("abcdefghij", 8) == 8);
  CHECK(segment_length("abcdef\u00E9ghij", 7) == 6);   // not inside a character
  CHECK(segment_length("abcdefe\u0301ghij", 7) == 6);  // nor in front of a combining mark
  CHECK(segment_length("\u3042\u3044\u3046\u3048", 7) == 6);
}

TEST_CASE("words: detokenize") {
  const auto tokenizer = make_tokenizer({});
  const Strings texts = {"in the beginning, god created the heaven (and the earth).",
                         "\"don't stop\", she said; \"it's only $3.50!\"",
                         "a well-known and/or old dog: the boys' house, 50% off.",
                         "我爱北京天安门。你好",
                         "\u201Cyes\u201D, he said \u2014 no",
                         "fish & chips for 2 people"};
  for (const auto& text : texts) CHECK(tokenizer->detokenize(tokens_of(*tokenizer, text)) == text);
  CHECK(tokenizer->detokenize({"one", ".", "<eos>", "two", "<unk>", "<eos>"}) == "one.\ntwo <unk>\n");
  CHECK(tokenizer->detokenize({}).empty());
}
