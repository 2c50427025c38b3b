#include "nlp/text/segments.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;
using Strings = std::vector<std::string>;

TEST_CASE("chars: grapheme clusters, white space too") {
  const auto settings = settings_of("chars");
  CHECK(tokens_of(settings, "Ab c") == Strings{"a", "b", " ", "c"});
  CHECK(tokens_of(settings, "e\u0301X\r\n") == Strings{"\u00E9", "x", "\r\n"});
  CHECK(tokens_of(settings, "x\u0323\u0301") == Strings{"x\u0323\u0301"});
  CHECK(tokens_of(settings, "👩‍👩‍👧🇩🇪") == Strings{"👩‍👩‍👧", "🇩🇪"});
  CHECK(tokens_of(settings, "각") == Strings{"각"});
  CHECK(tokens_of(settings_of("chars", Normalize::none, false), "\u1100\u1161\u11A8A") ==
        Strings{"\u1100\u1161\u11A8", "A"});
  CHECK(tokens_of(settings_of("chars", Normalize::nfc, true, "tr"), "I") == Strings{"\u0131"});
}

TEST_CASE("chars: a long text comes back whole") {
  const auto tokenizer = make_tokenizer(settings_of("chars", Normalize::nfc, false));
  std::string text;
  while (text.size() < 3 * kSegmentBytes) text += "Grüße, 世界! ";
  CHECK(tokenizer->detokenize(tokens_of(*tokenizer, text)) == text);
  CHECK(tokenizer->detokenize({"a", "<eos>", "b"}) == "a\nb");
}
