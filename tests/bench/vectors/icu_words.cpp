// ICU alone: the words of a text, line by line, apart by spaces. What `weft tokenize` is measured beside.
//   icu_words [--plain] [--score] [LOCALE] <text >tokens
// With NFKC and full case folding, the defaults of `weft tokenize`; --plain: neither. --score takes lines of
// words apart by white space and prints precision, recall and F1 of the words found without it.

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <set>
#include <string>

namespace {

bool is_blank(UChar32 c) {
  return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR;
}

bool is_word(const icu::UnicodeString& text, int begin, int end) {
  for (int i = begin; i < end; i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (!is_blank(c) && u_charType(c) != U_FORMAT_CHAR) return true;
  }
  return false;
}

struct Icu {
  explicit Icu(const char* locale, bool changes) : plain(!changes) {
    words.reset(icu::BreakIterator::createWordInstance(icu::Locale(locale), status));
    form = icu::Normalizer2::getNFKCInstance(status);
  }
  void read(const std::string& line) {
    text = icu::UnicodeString::fromUTF8(line);
    if (!plain) {
      form->normalize(text, other, status);
      other.foldCase();
      form->normalize(other, text, status);
    }
    words->setText(text);
  }

  bool plain;
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> words;
  const icu::Normalizer2* form = nullptr;
  icu::UnicodeString text, other;
};

void tokenize(Icu& icu) {
  std::string line, out, token;
  while (std::getline(std::cin, line)) {
    icu.read(line);
    bool first = true;
    int begin = icu.words->first();
    for (int end = icu.words->next(); end != icu::BreakIterator::DONE; begin = end, end = icu.words->next()) {
      if (!is_word(icu.text, begin, end)) continue;
      if (!first) out += ' ';
      first = false;
      icu.text.tempSubStringBetween(begin, end).toUTF8String(out);
    }
    out += '\n';
    if (out.size() < (1 << 16)) continue;
    std::fwrite(out.data(), 1, out.size(), stdout);
    out.clear();
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
}

// Offsets are in UTF-16 units; without a normalization they tell the same words apart as bytes do.
void score(Icu& icu) {
  std::string line, bare, word;
  long long reference = 0, found = 0, right = 0;
  while (std::getline(std::cin, line)) {
    std::set<std::pair<int, int>> spans;
    bare.clear();
    int at = 0;
    for (std::size_t i = 0; i < line.size();) {
      const std::size_t begin = i;
      while (i < line.size() && !std::strchr(" \t\r", line[i])) ++i;
      if (i == begin) {
        ++i;
        continue;
      }
      word = line.substr(begin, i - begin);
      const int length = icu::UnicodeString::fromUTF8(word).length();
      spans.insert({at, at + length});
      at += length;
      bare += word;
    }
    reference += static_cast<long long>(spans.size());
    icu.read(bare);
    int begin = icu.words->first();
    for (int end = icu.words->next(); end != icu::BreakIterator::DONE; begin = end, end = icu.words->next()) {
      if (!is_word(icu.text, begin, end)) continue;
      ++found;
      right += static_cast<long long>(spans.count({begin, end}));
    }
  }
  std::printf("precision\t%.4f\nrecall\t%.4f\nF1\t%.4f\n", double(right) / double(found),
              double(right) / double(reference), 2 * double(right) / double(found + reference));
}

}  // namespace

int main(int argc, char** argv) {
  bool plain = false, scores = false;
  const char* locale = "";
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--plain")) {
      plain = true;
    } else if (!std::strcmp(argv[i], "--score")) {
      scores = true;
    } else {
      locale = argv[i];
    }
  }
  std::ios::sync_with_stdio(false);
  Icu icu(locale, !plain && !scores);
  scores ? score(icu) : tokenize(icu);
  return U_FAILURE(icu.status) ? 1 : 0;
}
