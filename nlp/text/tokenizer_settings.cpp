#include <nlohmann/json.hpp>
#include <stdexcept>

#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kForms[] = {"none", "nfc", "nfkc"};  // by Normalize

[[noreturn]] void fail(const std::string& field, const std::string& expected) {
  throw std::invalid_argument("[tokenizer] " + field + ": expected " + expected);
}

const std::string& text_of(const std::string& field, const Json& value) {
  if (!value.is_string()) fail(field, "a text");
  return value.get_ref<const std::string&>();
}

Normalize form_of(const std::string& name) {
  for (int i = 0; i < 3; ++i) {
    if (name == kForms[i]) return static_cast<Normalize>(i);
  }
  fail("normalize", "none, nfc or nfkc, got \"" + name + "\"");
}

}  // namespace

std::string TokenizerSettings::to_json() const {
  return Json{{"kind", kind},
              {"normalize", kForms[static_cast<int>(normalize)]},
              {"fold_case", fold_case},
              {"locale", locale}}
      .dump();
}

TokenizerSettings TokenizerSettings::from_json(std::string_view json) {
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object()) throw std::invalid_argument("[tokenizer] expected a JSON object of settings");
  TokenizerSettings settings;
  for (const auto& [field, value] : object.items()) {
    if (field == "kind") {
      settings.kind = text_of(field, value);
      if (settings.kind != "words" && settings.kind != "chars") {
        fail(field, "words or chars, got \"" + settings.kind + "\"");
      }
    } else if (field == "normalize") {
      settings.normalize = form_of(text_of(field, value));
    } else if (field == "fold_case") {
      if (!value.is_boolean()) fail(field, "true or false");
      settings.fold_case = value.get<bool>();
    } else if (field == "locale") {
      settings.locale = text_of(field, value);
    } else {
      // A setting this version doesn't know would make it read text otherwise than the model was trained.
      fail(field, "kind, normalize, fold_case or locale");
    }
  }
  return settings;
}

}  // namespace weft::nlp
