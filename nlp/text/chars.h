#pragma once

#include <unicode/brkiter.h>

#include <memory>

#include "nlp/text/text_form.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// The `chars` tokenizer: extended grapheme clusters of UAX #29.
class Chars : public Tokenizer {
 public:
  explicit Chars(const TokenizerSettings& settings);

  void tokenize(std::string_view text, Take take) override;
  void tokenize_spans(std::string_view text, TakeSpan take) override;
  std::string detokenize(const std::vector<std::string>& tokens) const override;

 private:
  Chars(const TokenizerSettings& settings, const icu::Locale& locale);
  template <class Byte, class Icu>
  void segments(std::string_view text, Byte by_byte, Icu by_icu);
  template <class Found>
  void find_clusters(const icu::UnicodeString& text, Found found);

  TextForm form_;
  std::unique_ptr<icu::BreakIterator> breaks_;
  std::string buffer_;
};

}  // namespace weft::nlp
