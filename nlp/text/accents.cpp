#include "nlp/text/accents.h"

#include <unicode/uchar.h>

#include "nlp/text/text_form.h"

namespace weft::nlp {

namespace {

bool is_accent(UChar32 c) {
  const int mark_class = u_getCombiningClass(c);
  return mark_class >= 200 && mark_class <= 240;
}

/// Nothing below this decomposes.
constexpr char16_t kFirstDecomposed = 0xC0;

}  // namespace

Accents::Accents(bool compose) : compose_(compose) {
  UErrorCode status = U_ZERO_ERROR;
  nfc_ = icu::Normalizer2::getNFCInstance(status);
  nfd_ = icu::Normalizer2::getNFDInstance(status);
  require_icu(status, "normalization data");
}

bool Accents::strip(const icu::UnicodeString& sequence, icu::UnicodeString& out) {
  UErrorCode status = U_ZERO_ERROR;
  nfd_->normalize(sequence, decomposed_, status);
  require_icu(status, "decomposition");
  kept_.remove();
  for (std::int32_t i = 0; i < decomposed_.length(); i = decomposed_.moveIndex32(i, 1)) {
    const UChar32 c = decomposed_.char32At(i);
    if (!is_accent(c)) kept_.append(c);
  }
  if (kept_.length() == decomposed_.length()) return false;
  if (compose_) {
    nfc_->normalize(kept_, out, status);
    require_icu(status, "composition");
  } else {
    out = kept_;
  }
  return true;
}

void Accents::strip(icu::UnicodeString& text) {
  const std::int32_t n = text.length();
  std::int32_t begin = 0;
  while (begin < n && text[begin] < kFirstDecomposed) ++begin;
  if (begin == n) return;
  if (begin > 0) --begin;  // a mark may follow it
  result_.setTo(text, 0, begin);
  while (begin < n) {
    std::int32_t end = text.moveIndex32(begin, 1);
    while (end < n && !nfc_->hasBoundaryBefore(text.char32At(end))) end = text.moveIndex32(end, 1);
    sequence_.setTo(text, begin, end - begin);
    result_.append(strip(sequence_, stripped_) ? stripped_ : sequence_);
    begin = end;
  }
  text.swap(result_);
}

}  // namespace weft::nlp
