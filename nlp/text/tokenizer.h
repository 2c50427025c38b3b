#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::nlp {

enum class Normalize : std::uint8_t { none, nfc, nfkc };

/// How text becomes tokens. Written into model files, so that a model reads text as it was trained to.
struct TokenizerSettings {
  std::string kind = "words";  // words | chars
  Normalize normalize = Normalize::nfkc;
  bool fold_case = true;
  std::string locale = "";  // BCP 47; empty: the root locale

  /// {"kind":"words","normalize":"nfkc",...}
  std::string to_json() const;
  /// A field left out has its default. Throws invalid_argument naming the field at fault.
  static TokenizerSettings from_json(std::string_view json);
  bool operator==(const TokenizerSettings&) const = default;
};

/// Text to tokens and back. Not shared between threads; cheap to make.
/// words: the segments of UAX #29 that are not white space: words, numbers, punctuation, symbols; Chinese,
/// Japanese,
///        Thai, Lao, Khmer and Burmese by ICU's dictionaries.
/// chars: extended grapheme clusters (UAX #29), white space too.
/// A text of more than 64 KiB is taken in segments, cut in front of white space, so memory stays bounded.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// Calls `take` with each token, in order. `text` must be valid UTF-8 (see check_utf8).
  virtual void tokenize(std::string_view text, const std::function<void(std::string_view)>& take) = 0;
  /// Tokens as running text: words apart by spaces, none before closing punctuation or after opening, none in
  /// scripts written without them; <eos> becomes a line break. chars: the tokens one after another.
  virtual std::string detokenize(const std::vector<std::string>& tokens) const = 0;
};

/// Throws invalid_argument for an unknown kind or locale.
std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerSettings&);

/// The offset at which the first sequence begins that is not UTF-8 (overlong forms and surrogates included),
/// or npos. Source: The Unicode Standard 15, table 3-7.
std::size_t check_utf8(std::string_view text);

}  // namespace weft::nlp
