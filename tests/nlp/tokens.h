#pragma once

#include <string>
#include <vector>

#include "nlp/text/tokenizer.h"

namespace weft::nlp {

inline std::vector<std::string> tokens_of(Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> tokens;
  tokenizer.tokenize(text, [&](std::string_view token) { tokens.emplace_back(token); });
  return tokens;
}

inline std::vector<std::string> tokens_of(const TokenizerSettings& settings, std::string_view text) {
  return tokens_of(*make_tokenizer(settings), text);
}

inline TokenizerSettings settings_of(std::string kind, Normalize normalize = Normalize::nfkc,
                                     bool fold_case = true, std::string locale = "") {
  TokenizerSettings settings;
  settings.kind = std::move(kind);
  settings.normalize = normalize;
  settings.fold_case = fold_case;
  settings.locale = std::move(locale);
  return settings;
}

}  // namespace weft::nlp
