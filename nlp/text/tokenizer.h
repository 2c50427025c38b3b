#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::nlp {

enum class Normalize : std::uint8_t { none, nfc, nfkc };

/// How text becomes tokens. Written into model files, so that a model reads text as it was trained to.
struct TokenizerSettings {
  std::string kind = "words";            // words | chars
  Normalize normalize = Normalize::nfkc;
  bool fold_case = true;
  std::string locale = "";               // BCP 47; empty: the root locale

  /// {"kind":"words","normalize":"nfkc",...}
  std::string to_json() const;
  /// Throws invalid_argument naming the field at fault.
  static TokenizerSettings from_json(std::string_view json);
};

/// Text to tokens and back. Not shared between threads; cheap to make.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// Calls `take` with each token, in order. `text` must be valid UTF-8 (see check_utf8).
  virtual void tokenize(std::string_view text, const std::function<void(std::string_view)>& take) = 0;
  /// Tokens as running text: words apart by spaces, none before closing punctuation or after opening.
  virtual std::string detokenize(const std::vector<std::string>& tokens) const = 0;
};

/// Throws invalid_argument for an unknown kind or locale.
std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerSettings&);

/// The offset of the first byte that is not UTF-8 (overlong forms and surrogates included), or npos.
std::size_t check_utf8(std::string_view text);

}  // namespace weft::nlp
