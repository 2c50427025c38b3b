#include "nlp/text/text_form.h"

#include <unicode/uchar.h>
#include <unicode/uloc.h>

#include <cstring>
#include <stdexcept>

namespace weft::nlp {

void require_icu(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) {
    throw std::runtime_error(std::string("[tokenizer] ") + what + ": " + u_errorName(status));
  }
}

icu::Locale parse_locale(const std::string& tag) {
  if (tag.empty()) return icu::Locale::getRoot();
  UErrorCode status = U_ZERO_ERROR;
  char name[ULOC_FULLNAME_CAPACITY];
  std::int32_t parsed = 0;
  uloc_forLanguageTag(tag.c_str(), name, sizeof name, &parsed, &status);
  const bool whole = U_SUCCESS(status) && static_cast<std::size_t>(parsed) == tag.size();
  if (!whole || *uloc_getISO3Language(name) == '\0') {
    throw std::invalid_argument("[tokenizer] expected a locale as in BCP 47, such as en or zh-Hant, got \"" +
                                tag + "\"");
  }
  return icu::Locale(name);
}

TextForm::TextForm(const TokenizerSettings& settings, const icu::Locale& locale)
    : fold_case_(settings.fold_case),
      turkic_(std::strcmp(locale.getLanguage(), "tr") == 0 || std::strcmp(locale.getLanguage(), "az") == 0) {
  UErrorCode status = U_ZERO_ERROR;
  const Normalize form = settings.normalize;
  if (form == Normalize::nfc) normalizer_ = icu::Normalizer2::getNFCInstance(status);
  if (form == Normalize::nfkc) normalizer_ = icu::Normalizer2::getNFKCInstance(status);
  if (form == Normalize::nfd) normalizer_ = icu::Normalizer2::getNFDInstance(status);
  if (form == Normalize::nfkd) normalizer_ = icu::Normalizer2::getNFKDInstance(status);
  require_icu(status, "normalization data");
  if (settings.strip_accents) accents_.emplace(form != Normalize::nfd && form != Normalize::nfkd);
}

void TextForm::normalize() {
  if (normalizer_ == nullptr) return;
  UErrorCode status = U_ZERO_ERROR;
  if (normalizer_->spanQuickCheckYes(text_, status) == text_.length()) return;
  normalizer_->normalize(text_, scratch_, status);
  require_icu(status, "normalization");
  text_.swap(scratch_);
}

const icu::UnicodeString& TextForm::operator()(std::string_view utf8) {
  text_ = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  normalize();
  if (fold_case_) {
    text_.foldCase(turkic_ ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT);
    normalize();
  }
  if (accents_) {
    accents_->strip(text_);
    normalize();
  }
  return text_;
}

const AlignedText& TextForm::aligned(std::string_view utf8) {
  aligned_.assign(utf8);
  if (normalizer_ != nullptr) aligned_.normalize(*normalizer_);
  if (fold_case_) {
    aligned_.fold_case(turkic_ ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT);
    if (normalizer_ != nullptr) aligned_.normalize(*normalizer_);
  }
  if (accents_) {
    aligned_.strip_accents(*accents_);
    if (normalizer_ != nullptr) aligned_.normalize(*normalizer_);
  }
  return aligned_;
}

}  // namespace weft::nlp
