#include <stdexcept>

#include "nlp/text/base64.h"
#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;

TEST_CASE("tokenizer settings: there and back through JSON") {
  CHECK(TokenizerSettings{}.to_json() ==
        R"({"kind":"words","normalize":"nfkc","fold_case":true,"locale":""})");
  for (const char* kind : {"words", "chars", "bytes", "whitespace", "sentencepiece"}) {
    for (const auto form :
         {Normalize::none, Normalize::nfc, Normalize::nfkc, Normalize::nfd, Normalize::nfkd}) {
      for (const bool truth : {true, false}) {
        auto settings = settings_of(kind, form, truth, "zh-Hant");
        settings.strip_accents = truth;
        CHECK(TokenizerSettings::from_json(settings.to_json()) == settings);
      }
    }
  }
  TokenizerSettings pieces = TokenizerSettings::of("sentencepiece");
  pieces.training = {300, "bpe"};
  pieces.file = "some.model";
  CHECK(TokenizerSettings::from_json(pieces.to_json()) == pieces);
  CHECK_FALSE(TokenizerSettings::from_json(pieces.to_json()) == TokenizerSettings::of("sentencepiece"));
  CHECK(TokenizerSettings::from_json("{}") == TokenizerSettings{});
  // What is left out is as the kind has it.
  CHECK(TokenizerSettings::from_json(R"({"kind":"bytes"})").normalize == Normalize::none);
  CHECK_FALSE(TokenizerSettings::from_json(R"({"kind":"whitespace"})").fold_case);
}

TEST_CASE("tokenizer settings: faults name the field") {
  const auto parse = [](const char* json) { return TokenizerSettings::from_json(json); };
  CHECK_THROWS_WITH(
      parse(R"({"kind":"lines"})"),
      "[tokenizer] kind: expected words, chars, bytes, whitespace or sentencepiece, got \"lines\"");
  CHECK_THROWS_WITH(parse(R"({"normalize":"nfq"})"),
                    "[tokenizer] normalize: expected none, nfc, nfkc, nfd or nfkd, got \"nfq\"");
  CHECK_THROWS_WITH(parse(R"({"normalize":1})"), "[tokenizer] normalize: expected a text");
  CHECK_THROWS_WITH(parse(R"({"fold_case":"yes"})"), "[tokenizer] fold_case: expected true or false");
  CHECK_THROWS_WITH(parse(R"({"stem":true})"),
                    "[tokenizer] stem: expected kind, normalize, fold_case, strip_accents or locale");
  CHECK_THROWS_WITH(parse(R"({"size":3})"),
                    "[tokenizer] size: expected kind, normalize, fold_case, strip_accents or locale");
  CHECK_THROWS_WITH(parse(R"({"kind":"sentencepiece","model":"word"})"),
                    "[tokenizer] model: expected unigram or bpe, got \"word\"");
  CHECK_THROWS_WITH(parse(R"({"kind":"sentencepiece","pieces":"%"})"),
                    "[tokenizer] pieces: expected a model in base64");
  CHECK_THROWS_AS(parse(R"({"kind":"sentencepiece","pieces":"AAAA"})"), std::invalid_argument);
  for (const char* json : {"", "[]", "{", "3", "{\"kind\":\"words\"} x", "\xFF"}) {
    CHECK_THROWS_AS(parse(json), std::invalid_argument);
  }
}

// RFC 4648, section 10.
TEST_CASE("base64") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  CHECK(to_base64("\xFB\xFF\xBF") == "+/+/");
  CHECK(from_base64("+/+/") == "\xFB\xFF\xBF");
  for (const char* text : {"Z", "Zg=", "Z===", "Zm9v!AAA", "=AAA"}) CHECK_FALSE(from_base64(text));
}
