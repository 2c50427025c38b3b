#pragma once

#include <unicode/brkiter.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft::nlp {

/// The word boundaries of UAX #29 (WB5 to WB13b) in text that is ASCII, without ICU's cost. Which characters
/// join letters ("can't") and digits ("3.14") is asked of a break iterator once, so that the result is the
/// same as ICU's in every release and locale.
class AsciiWords {
 public:
  explicit AsciiWords(icu::BreakIterator& words);

  /// False where the iterator's rules for ASCII are not of this kind: then ICU has to do it.
  bool usable() const { return usable_; }

  /// Calls take(begin, end) with the words, numbers and symbols of `text`; white space and control characters
  /// are left out.
  template <class Take>
  void split(std::string_view text, Take&& take) const;

 private:
  enum Kind : std::uint8_t {
    kLetter = 1,
    kDigit = 2,
    kConnector = 4,  // joins letters, digits and itself: _
    kMidLetter = 8,  // joins two letters
    kMidDigit = 16,  // joins two digits
    kBlank = 32      // white space or a control character
  };
  static constexpr std::uint8_t kInWord = kLetter | kDigit | kConnector;

  std::uint8_t kind(char c) const { return kinds_[static_cast<unsigned char>(c) & 0x7F]; }

  std::array<std::uint8_t, 128> kinds_{};
  bool usable_ = true;
};

template <class Take>
void AsciiWords::split(std::string_view text, Take&& take) const {
  const std::size_t n = text.size();
  std::size_t i = 0;
  while (i < n) {
    const std::size_t begin = i;
    std::uint8_t before = kind(text[i++]);
    if ((before & kInWord) == 0) {
      if ((before & kBlank) == 0) take(begin, i);
      continue;
    }
    while (i < n) {
      const std::uint8_t here = kind(text[i]);
      if ((here & kInWord) != 0) {
        before = here;
        ++i;
        continue;
      }
      if (i + 1 == n || (here & (kMidLetter | kMidDigit)) == 0) break;
      const std::uint8_t after = kind(text[i + 1]);
      const bool letters = (here & kMidLetter) != 0 && (before & after & kLetter) != 0;
      const bool digits = (here & kMidDigit) != 0 && (before & after & kDigit) != 0;
      if (!letters && !digits) break;
      before = after;
      i += 2;
    }
    take(begin, i);
  }
}

}  // namespace weft::nlp
