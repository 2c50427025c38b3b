#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "nlp/text/base64.h"
#include "nlp/text/piece_model.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const std::string& field, const std::string& expected) {
  throw std::invalid_argument("[tokenizer] " + field + ": expected " + expected);
}

const std::string& text_of(const std::string& field, const Json& value) {
  if (!value.is_string()) fail(field, "a text");
  return value.get_ref<const std::string&>();
}

bool truth_of(const std::string& field, const Json& value) {
  if (!value.is_boolean()) fail(field, "true or false");
  return value.get<bool>();
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return out;
}

const std::string& one_of(const std::string& field, const Json& value,
                          const std::vector<std::string>& names) {
  const std::string& name = text_of(field, value);
  if (std::find(names.begin(), names.end(), name) == names.end())
    fail(field, listed(names) + ", got \"" + name + "\"");
  return name;
}

std::shared_ptr<const PieceModel> pieces_of(const std::string& field, const Json& value) {
  auto bytes = from_base64(text_of(field, value));
  if (!bytes) fail(field, "a model in base64");
  return PieceModel::load(std::move(*bytes));
}

}  // namespace

const std::vector<std::string>& normalize_names() {
  static const std::vector<std::string> names = {"none", "nfc", "nfkc", "nfd", "nfkd"};
  return names;
}

const std::vector<std::string>& tokenizer_kinds() {
  static const std::vector<std::string> kinds = {"words", "chars", "bytes", "whitespace", "sentencepiece"};
  return kinds;
}

TokenizerSettings TokenizerSettings::of(std::string kind) {
  TokenizerSettings settings;
  settings.kind = std::move(kind);
  if (settings.kind != "words" && settings.kind != "chars") {
    settings.normalize = Normalize::none;
    settings.fold_case = false;
  }
  return settings;
}

bool TokenizerSettings::operator==(const TokenizerSettings& other) const {
  const auto same_pieces = [&] {
    return pieces == other.pieces || (pieces && other.pieces && pieces->bytes() == other.pieces->bytes());
  };
  return kind == other.kind && normalize == other.normalize && fold_case == other.fold_case &&
         strip_accents == other.strip_accents && locale == other.locale && training == other.training &&
         file == other.file && same_pieces();
}

std::string TokenizerSettings::to_json() const {
  Json object = {{"kind", kind},
                 {"normalize", normalize_names().at(static_cast<std::size_t>(normalize))},
                 {"fold_case", fold_case},
                 {"locale", locale}};
  // What is as it always was isn't written, so that files stay the same.
  if (strip_accents) object["strip_accents"] = true;
  if (kind == "sentencepiece") {
    object["size"] = training.size;
    object["model"] = training.model;
    object["file"] = file;
    if (pieces) object["pieces"] = to_base64(pieces->bytes());
  }
  return object.dump();
}

TokenizerSettings TokenizerSettings::from_json(std::string_view json) {
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object()) throw std::invalid_argument("[tokenizer] expected a JSON object of settings");
  TokenizerSettings settings;
  if (object.contains("kind")) settings = of(one_of("kind", object["kind"], tokenizer_kinds()));
  const bool learns = settings.kind == "sentencepiece";
  for (const auto& [field, value] : object.items()) {
    if (field == "kind") {
      continue;
    } else if (field == "normalize") {
      const std::string& name = one_of(field, value, normalize_names());
      const auto found = std::find(normalize_names().begin(), normalize_names().end(), name);
      settings.normalize = static_cast<Normalize>(found - normalize_names().begin());
    } else if (field == "fold_case") {
      settings.fold_case = truth_of(field, value);
    } else if (field == "strip_accents") {
      settings.strip_accents = truth_of(field, value);
    } else if (field == "locale") {
      settings.locale = text_of(field, value);
    } else if (learns && field == "size") {
      if (!value.is_number_integer()) fail(field, "a whole number");
      settings.training.size = value.get<std::int64_t>();
    } else if (learns && field == "model") {
      settings.training.model = one_of(field, value, {"unigram", "bpe"});
    } else if (learns && field == "file") {
      settings.file = text_of(field, value);
    } else if (learns && field == "pieces") {
      settings.pieces = pieces_of(field, value);
    } else {
      // A setting this version doesn't know would make it read text otherwise than the model was trained.
      fail(field, learns ? "kind, normalize, fold_case, strip_accents, locale, size, model, file or pieces"
                         : "kind, normalize, fold_case, strip_accents or locale");
    }
  }
  return settings;
}

}  // namespace weft::nlp
