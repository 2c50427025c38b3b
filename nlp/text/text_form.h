#pragma once

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <optional>
#include <string>
#include <string_view>

#include "nlp/text/accents.h"
#include "nlp/text/aligned_text.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// The ICU locale of a BCP 47 tag; empty: the root. Throws invalid_argument for a tag that is malformed or
/// whose language ISO 639 doesn't know.
icu::Locale parse_locale(const std::string& tag);

/// The form in which text is compared: normalized, case-folded (full folding; Turkish and Azerbaijani keep
/// dotted and dotless i apart) and normalized again, since folding may take it out of the form; then without
/// accents where that is asked for. Source: The Unicode Standard 15, section 3.13, D144 to D146.
class TextForm {
 public:
  TextForm(const TokenizerSettings& settings, const icu::Locale& locale);

  /// Valid until the next call.
  const icu::UnicodeString& operator()(std::string_view utf8);
  /// The same text, each unit with the bytes of the source that it comes from. Valid until the next call.
  const AlignedText& aligned(std::string_view utf8);

  /// Whether every text stays as it is.
  bool changes_nothing() const { return normalizer_ == nullptr && !fold_case_ && !accents_; }
  /// Whether ASCII text changes in nothing but A-Z becoming a-z (where case is folded).
  bool ascii_is_simple() const { return !fold_case_ || !turkic_; }
  bool folds_case() const { return fold_case_; }

 private:
  void normalize();

  const icu::Normalizer2* normalizer_ = nullptr;
  std::optional<Accents> accents_;
  bool fold_case_ = false;
  bool turkic_ = false;
  icu::UnicodeString text_;
  icu::UnicodeString scratch_;
  AlignedText aligned_;
};

/// ICU failing where it shouldn't, such as without its data: runtime_error "[tokenizer] WHAT: U_...".
void require_icu(UErrorCode status, const char* what);

}  // namespace weft::nlp
