#pragma once

#include <functional>
#include <unordered_map>

#include "nlp/text/piece_model.h"
#include "nlp/text/text_form.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// The `sentencepiece` tokenizer. Words that come again are not cut up again: where a line is of printable
/// ASCII and a model cuts each word by itself, the pieces of a line are those of its words. The library
/// compares ways by sums over the whole line, in floating point; a word whose next best way scores so little
/// less that rounding might decide sends its line to the library. So the pieces are always the library's.
class Pieces : public Tokenizer {
 public:
  explicit Pieces(const TokenizerSettings& settings);

  void tokenize(std::string_view text, Take take) override;
  void tokenize_spans(std::string_view text, TakeSpan take) override;
  std::string detokenize(const std::vector<std::string>& tokens) const override;

 private:
  /// False where the library has to do it.
  bool by_words(std::string_view line, Take take);

  std::shared_ptr<const PieceModel> model_;
  TextForm form_;
  std::string buffer_;
  std::vector<ByteSpan> sources_;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, PieceModel::Word, Hash, std::equal_to<>> words_;
  std::vector<const PieceModel::Word*> line_;
};

}  // namespace weft::nlp
