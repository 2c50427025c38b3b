#include <stdexcept>

#include "tests/catch2.h"
#include "tests/nlp/tokens.h"

using namespace weft::nlp;

TEST_CASE("tokenizer settings: there and back through JSON") {
  CHECK(TokenizerSettings{}.to_json() ==
        R"({"kind":"words","normalize":"nfkc","fold_case":true,"locale":""})");
  for (const char* kind : {"words", "chars"}) {
    for (const auto form : {Normalize::none, Normalize::nfc, Normalize::nfkc}) {
      for (const bool fold : {true, false}) {
        const auto settings = settings_of(kind, form, fold, "zh-Hant");
        CHECK(TokenizerSettings::from_json(settings.to_json()) == settings);
      }
    }
  }
  CHECK(TokenizerSettings::from_json("{}") == TokenizerSettings{});
}

TEST_CASE("tokenizer settings: faults name the field") {
  const auto parse = [](const char* json) { return TokenizerSettings::from_json(json); };
  CHECK_THROWS_WITH(parse(R"({"kind":"bytes"})"), "[tokenizer] kind: expected words or chars, got \"bytes\"");
  CHECK_THROWS_WITH(parse(R"({"normalize":"nfd"})"),
                    "[tokenizer] normalize: expected none, nfc or nfkc, got \"nfd\"");
  CHECK_THROWS_WITH(parse(R"({"normalize":1})"), "[tokenizer] normalize: expected a text");
  CHECK_THROWS_WITH(parse(R"({"fold_case":"yes"})"), "[tokenizer] fold_case: expected true or false");
  CHECK_THROWS_WITH(parse(R"({"stem":true})"),
                    "[tokenizer] stem: expected kind, normalize, fold_case or locale");
  for (const char* json : {"", "[]", "{", "3", "{\"kind\":\"words\"} x", "\xFF"}) {
    CHECK_THROWS_AS(parse(json), std::invalid_argument);
  }
}
