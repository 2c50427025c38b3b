#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/text/function_ref.h"

namespace weft::nlp {

class PieceModel;

/// The normalization forms of the Unicode Standard, annex 15.
enum class Normalize : std::uint8_t { none, nfc, nfkc, nfd, nfkd };
/// "none", "nfc", "nfkc", "nfd", "nfkd", by Normalize.
const std::vector<std::string>& normalize_names();

/// How SentencePiece learns its pieces.
struct PieceTraining {
  std::int64_t size = 8000;       // pieces, <unk> and the like included
  std::string model = "unigram";  // unigram | bpe
  bool operator==(const PieceTraining&) const = default;
};

/// How text becomes tokens. Written into model files, so that a model reads text as it was trained to.
struct TokenizerSettings {
  std::string kind = "words";  // words | chars | bytes | whitespace | sentencepiece
  Normalize normalize = Normalize::nfkc;
  bool fold_case = true;
  bool strip_accents = false;
  std::string locale = "";  // BCP 47; empty: the root locale

  // sentencepiece alone:
  PieceTraining training;                    // where its pieces are learnt from a corpus
  std::string file;                          // or the model file they come from; empty: they are learnt
  std::shared_ptr<const PieceModel> pieces;  // what was learnt or loaded; null: not yet

  /// The defaults of a kind: words and chars are normalized to NFKC and case-folded, the others take the text
  /// as it is.
  static TokenizerSettings of(std::string kind);

  /// {"kind":"words","normalize":"nfkc",...}; a SentencePiece model in base64.
  std::string to_json() const;
  /// A field left out has the default of its kind. Throws invalid_argument naming the field at fault.
  static TokenizerSettings from_json(std::string_view json);
  bool operator==(const TokenizerSettings&) const;
};

/// The kinds there are.
const std::vector<std::string>& tokenizer_kinds();

/// Bytes of a source text, from begin to before end.
struct ByteSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const ByteSpan&) const = default;
};

/// Text to tokens and back. Not shared between threads; cheap to make (a SentencePiece model is shared).
/// words:      the segments of UAX #29 that are not white space: words, numbers, punctuation, symbols;
/// Chinese,
///             Japanese, Thai, Lao, Khmer and Burmese by ICU's dictionaries.
/// chars:      extended grapheme clusters (UAX #29), white space too.
/// bytes:      of UTF-8: those of printable ASCII as they are, others as <0x20>, <0xE4>.
/// whitespace: runs of what is not white space (Unicode's White_Space).
/// sentencepiece: the pieces of a SentencePiece model, U+2581 in front of those that follow a space.
/// A text of more than 64 KiB is taken in segments, cut in front of white space, so memory stays bounded.
class Tokenizer {
 public:
  using Take = FunctionRef<void(std::string_view token)>;
  using TakeSpan = FunctionRef<void(std::string_view token, ByteSpan source)>;

  virtual ~Tokenizer() = default;
  /// Calls `take` with each token, in order. `text` must be valid UTF-8 (see check_utf8).
  virtual void tokenize(std::string_view text, Take take) = 0;
  /// The same tokens, each with the bytes of `text` that it comes from: where a normalization or folding
  /// changes characters, all those that it changes together. Slower.
  virtual void tokenize_spans(std::string_view text, TakeSpan take) = 0;
  /// Tokens as running text: words apart by spaces, none before closing punctuation or after opening, none in
  /// scripts written without them; whitespace: apart by spaces; chars and bytes: one after another, bytes
  /// that are no UTF-8 as U+FFFD; sentencepiece: as its library does. <eos> becomes a line break.
  virtual std::string detokenize(const std::vector<std::string>& tokens) const = 0;
};

/// Throws invalid_argument for an unknown kind or locale, and where a SentencePiece model is neither learnt
/// nor loaded yet.
std::unique_ptr<Tokenizer> make_tokenizer(const TokenizerSettings&);

/// The offset at which the first sequence begins that is not UTF-8 (overlong forms and surrogates included),
/// or npos. Source: The Unicode Standard 15, table 3-7.
std::size_t check_utf8(std::string_view text);

}  // namespace weft::nlp
