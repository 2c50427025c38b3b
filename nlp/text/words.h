#pragma once

#include <unicode/brkiter.h>

#include <memory>

#include "nlp/text/ascii_words.h"
#include "nlp/text/text_form.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// The `words` tokenizer. Runs of ASCII between white space, where no boundary depends on what lies outside,
/// take the short way; everything else goes through ICU.
class Words : public Tokenizer {
 public:
  /// ascii_words: false sends everything through ICU, which gives the same tokens slower.
  explicit Words(const TokenizerSettings& settings, bool ascii_words = true);

  void tokenize(std::string_view text, const std::function<void(std::string_view)>& take) override;
  std::string detokenize(const std::vector<std::string>& tokens) const override;

 private:
  using Take = std::function<void(std::string_view)>;
  void segment(std::string_view text, const Take& take);
  void by_icu(std::string_view text, const Take& take);
  void by_table(std::string_view run, const Take& take);

  Words(const TokenizerSettings& settings, bool ascii_words, const icu::Locale& locale);

  TextForm form_;
  std::unique_ptr<icu::BreakIterator> breaks_;
  AsciiWords ascii_;
  bool use_ascii_;
  std::string buffer_;
};

}  // namespace weft::nlp
