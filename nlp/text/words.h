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

  void tokenize(std::string_view text, Take take) override;
  void tokenize_spans(std::string_view text, TakeSpan take) override;
  std::string detokenize(const std::vector<std::string>& tokens) const override;

 private:
  template <class Table, class Icu>
  void segment(std::string_view text, std::size_t at, Table by_table, Icu by_icu);
  std::string_view folded(std::string_view text);
  template <class Found>
  void find_words(const icu::UnicodeString& text, Found found);

  Words(const TokenizerSettings& settings, bool ascii_words, const icu::Locale& locale);

  TextForm form_;
  std::unique_ptr<icu::BreakIterator> breaks_;
  AsciiWords ascii_;
  bool use_ascii_;
  std::string buffer_;
  std::string folded_;
};

}  // namespace weft::nlp
