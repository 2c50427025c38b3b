#pragma once

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nlp/text/accents.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

/// A text in UTF-16 that is being normalized, with the bytes of the UTF-8 source that each unit comes from. A
/// change is made sequence by sequence, between places where nothing on one side depends on the other; what
/// comes of a changed sequence comes of all its bytes.
class AlignedText {
 public:
  void assign(std::string_view utf8);
  void normalize(const icu::Normalizer2& form);
  /// Full case folding; options as of UnicodeString::foldCase.
  void fold_case(std::uint32_t options);
  void strip_accents(Accents& accents);

  const icu::UnicodeString& text() const { return text_; }
  /// Where units begin to before end, at least one, come from.
  ByteSpan source(std::int32_t begin, std::int32_t end) const;
  /// The text in UTF-8, and where each byte of it comes from.
  void to_utf8(std::string& text, std::vector<ByteSpan>& sources) const;

 private:
  template <class EndOf, class Change>
  void rewrite(EndOf end_of, Change change);

  icu::UnicodeString text_;
  std::vector<ByteSpan> sources_;  // by unit
};

}  // namespace weft::nlp
