#pragma once

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace weft::nlp {

/// Takes accents off letters: after canonical decomposition, the combining marks that lie above, below or
/// across a letter (classes 200 to 240). What makes another letter or vowel of it stays: the vowel signs of
/// Indic scripts and Thai, Hebrew points, Arabic vowels, nuktas, the voicing marks of kana; and so do letters
/// that Unicode doesn't decompose, such as U+00F8. Source: The Unicode Standard 15, section 4.3.
class Accents {
 public:
  /// compose: what lost an accent is put together again (NFC).
  explicit Accents(bool compose);

  /// One combining sequence: false where it has no accent, else `out` is the sequence without.
  bool strip(const icu::UnicodeString& sequence, icu::UnicodeString& out);
  /// A whole text, in place.
  void strip(icu::UnicodeString& text);
  /// Where a sequence may begin.
  const icu::Normalizer2& boundaries() const { return *nfc_; }

 private:
  const icu::Normalizer2* nfc_ = nullptr;
  const icu::Normalizer2* nfd_ = nullptr;
  bool compose_;
  icu::UnicodeString decomposed_, kept_, sequence_, stripped_, result_;
};

}  // namespace weft::nlp
