#include "nlp/metrics/segmentation.h"
#include "nlp/text/token_text.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;
using Strings = std::vector<std::string>;

namespace {

TokenizerSettings stripped(Normalize form, const std::string& kind = "whitespace") {
  auto settings = settings_of(kind, form, false);
  settings.strip_accents = true;
  return settings;
}

}  // namespace

TEST_CASE("bytes") {
  const auto bytes = TokenizerSettings::of("bytes");
  CHECK(tokens_of(bytes, "A!~ \u00FC\n") == Strings{"A", "!", "~", "<0x20>", "<0xC3>", "<0xBC>", "<0x0A>"});
  CHECK(tokens_of(bytes, std::string("\0\x7F", 2)) == Strings{"<0x00>", "<0x7F>"});
  CHECK(tokens_of(bytes, "").empty());
  CHECK(tokens_of(settings_of("bytes"), "\u00C5") == Strings{"<0xC3>", "<0xA5>"});
  const auto tokenizer = make_tokenizer(bytes);
  const std::string text = "Gr\u00FC\u00DFe \U0001F469\u200D\U0001F467 <0x41>\t";
  CHECK(tokenizer->detokenize(tokens_of(*tokenizer, text)) == text);
  CHECK(tokenizer->detokenize({"a", "<eos>", "<0xC3>", "b", "<0xE4>", "<0xB8>", "<0x96>", "<0xZZ>"}) ==
        "a\n\uFFFDb\u4E16<0xZZ>");
}

TEST_CASE("whitespace") {
  const auto whitespace = TokenizerSettings::of("whitespace");
  CHECK(tokens_of(whitespace, " It's  3.5%!\u2028\u4E2D\u6587\u3000x\u00A0y\t\n") ==
        Strings{"It's", "3.5%!", "\u4E2D\u6587", "x", "y"});
  CHECK(tokens_of(whitespace, " \t\r\n").empty());
  CHECK(tokens_of(whitespace, "\u200B") == Strings{"\u200B"});  // a space without width is none
  CHECK(tokens_of(settings_of("whitespace"), "ONE \uFF34\uFF37\uFF2F") == Strings{"one", "two"});
  CHECK(make_tokenizer(whitespace)->detokenize({"a", "b.", "<eos>", "c"}) == "a b.\nc");
}

TEST_CASE("normalization forms") {
  // The Unicode Standard, annex 15, figure 6.
  const std::string text = "\uFB01 2\u2075 \u1E9B\u0323";
  CHECK(tokens_of(settings_of("whitespace", Normalize::none, false), text) ==
        Strings{"\uFB01", "2\u2075", "\u1E9B\u0323"});
  CHECK(tokens_of(settings_of("whitespace", Normalize::nfc, false), text) ==
        Strings{"\uFB01", "2\u2075", "\u1E9B\u0323"});
  CHECK(tokens_of(settings_of("whitespace", Normalize::nfd, false), text) ==
        Strings{"\uFB01", "2\u2075", "\u017F\u0323\u0307"});
  CHECK(tokens_of(settings_of("whitespace", Normalize::nfkc, false), text) == Strings{"fi", "25", "\u1E69"});
  CHECK(tokens_of(settings_of("whitespace", Normalize::nfkd, false), text) ==
        Strings{"fi", "25", "s\u0323\u0307"});
}

TEST_CASE("accents are taken off letters, and what makes another letter stays") {
  const auto none = stripped(Normalize::none);
  CHECK(tokens_of(none, "\u00C9t\u00E9 na\u00EFve \u0141\u00F3d\u017A Vi\u1EC7t e\u0301\u0323") ==
        Strings{"Ete", "naive", "\u0141odz", "Viet", "e"});
  CHECK(tokens_of(none, "\u039F\u03B4\u03CC\u03C2 \u0439") == Strings{"\u039F\u03B4\u03BF\u03C2", "\u0438"});
  CHECK(tokens_of(none, "\u304C \u0E01\u0E35\u0E48 \u0915\u093F \uD55C \u05E9\u05C1 \u0643\u064E") ==
        Strings{"\u304C", "\u0E01\u0E35\u0E48", "\u0915\u093F", "\uD55C", "\u05E9\u05C1", "\u0643\u064E"});
  CHECK(tokens_of(stripped(Normalize::nfd), "\u00C9 \uD55C") == Strings{"E", "\u1112\u1161\u11AB"});
  CHECK(tokens_of(stripped(Normalize::nfkc), "\uFB01\u0301") == Strings{"fi"});
  CHECK(tokens_of(stripped(Normalize::nfc), "\u1112\u0301\u1161").size() == 1);
  // A letter that loses one of its marks keeps the others.
  CHECK(tokens_of(none, "\u304B\u3099\u0301") == Strings{"\u304C"});
}

TEST_CASE("kinds: texts at the edge") {
  std::string long_word(std::size_t{1} << 20, 'x');
  for (const auto& kind : {"words", "chars", "bytes", "whitespace"}) {
    const auto tokenizer = make_tokenizer(TokenizerSettings::of(kind));
    CHECK(tokens_of(*tokenizer, "").empty());
    CHECK(tokenizer->detokenize({}).empty());
    CHECK(tokens_of(*tokenizer, "   ").empty() == (kind[0] == 'w'));
    std::size_t bytes = 0;
    tokenizer->tokenize(long_word, [&](std::string_view token) { bytes += token.size(); });
    CHECK(bytes == long_word.size());
  }
  CHECK(tokens_of({}, "\u0627\u0644\u0633\u0644\u0627\u0645 \u0639\u0644\u064A\u0643\u0645\u061F") ==
        Strings{"\u0627\u0644\u0633\u0644\u0627\u0645", "\u0639\u0644\u064A\u0643\u0645", "\u061F"});
  CHECK(tokens_of({}, "\uC548\uB155\uD558\uC138\uC694 \uC138\uACC4") ==
        Strings{"\uC548\uB155\uD558\uC138\uC694", "\uC138\uACC4"});
}

TEST_CASE("tokens in a line apart by spaces") {
  for (const std::string token : {"word", " ", "a b", "\t", "\r", "\u4E16", "<", "<0x"}) {
    std::string written;
    append_token(token, written);
    CHECK(written.find_first_of(" \t\r\n\v\f") == std::string::npos);
    CHECK(read_token(written) == token);
  }
  std::string written;
  append_token("a \t", written);
  CHECK(written == "a\u2581<0x09>");
  CHECK(read_token("<0x08><0x0E>") == "<0x08><0x0E>");
  // white space at every place of tokens of every length, among bytes that are close to it
  for (std::size_t n = 1; n < 20; ++n)
    for (std::size_t at = 0; at < n; ++at)
      for (const char c : {'!', '\xE4', '\x1F'}) {
        std::string token(n, c);
        written.clear();
        append_token(token, written);
        CHECK(written == token);
        token[at] = '\t';
        written.clear();
        append_token(token, written);
        CHECK(written == token.substr(0, at) + "<0x09>" + token.substr(at + 1));
      }
}

TEST_CASE("segmentation score") {
  SegmentationScore score;
  // |AB|C|DE|F| against |A|B|C|DE|F|: C, DE and F are right.
  score.add({{0, 2}, {2, 3}, {3, 5}, {5, 6}}, {{0, 1}, {1, 2}, {2, 3}, {3, 5}, {5, 6}});
  CHECK(score.right == 3);
  CHECK(score.precision() == Approx(3.0 / 5));
  CHECK(score.recall() == Approx(3.0 / 4));
  CHECK(score.f1() == Approx(2 * 3.0 / 9));
  score.add({{0, 4}}, {{0, 2}, {2, 4}});
  score.add({{0, 2}, {2, 4}}, {{0, 4}});
  score.add({}, {});
  CHECK(score.right == 3);
  CHECK(score.found == 8);
  CHECK(score.reference == 7);
  CHECK(SegmentationScore{}.f1() == 0);
}
