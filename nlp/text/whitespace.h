#pragma once

#include "nlp/text/text_form.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// The `whitespace` tokenizer: runs of characters that don't have Unicode's White_Space property.
class Whitespace : public Tokenizer {
 public:
  explicit Whitespace(const TokenizerSettings& settings);

  void tokenize(std::string_view text, Take take) override;
  void tokenize_spans(std::string_view text, TakeSpan take) override;
  std::string detokenize(const std::vector<std::string>& tokens) const override;

 private:
  TextForm form_;
  std::string buffer_;
  std::vector<ByteSpan> sources_;
};

}  // namespace weft::nlp
