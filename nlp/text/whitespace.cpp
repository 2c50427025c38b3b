#include "nlp/text/whitespace.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "nlp/text/segments.h"
#include "nlp/text/vocabulary.h"

namespace weft::nlp {

namespace {

/// found(begin, end) with the bytes of each run, in order.
template <class Found>
void find_runs(std::string_view text, Found found) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::size_t n = text.size();
  std::size_t begin = 0, i = 0;
  while (i < n) {
    std::size_t next = i + 1;
    bool space = is_ascii_space(text[i]);
    if (bytes[i] >= 0x80) {
      UChar32 c = 0;
      next = i;
      U8_NEXT_UNSAFE(bytes, next, c);
      space = u_isUWhiteSpace(c);
    }
    if (space) {
      if (begin < i) found(begin, i);
      begin = next;
    }
    i = next;
  }
  if (begin < n) found(begin, n);
}

}  // namespace

Whitespace::Whitespace(const TokenizerSettings& settings) : form_(settings, parse_locale(settings.locale)) {}

void Whitespace::tokenize(std::string_view text, Take take) {
  if (form_.changes_nothing()) {
    find_runs(text, [&](std::size_t begin, std::size_t end) { take(text.substr(begin, end - begin)); });
    return;
  }
  while (!text.empty()) {
    const std::string_view segment = text.substr(0, segment_length(text));
    buffer_.clear();
    form_(segment).toUTF8String(buffer_);
    const std::string_view form = buffer_;
    find_runs(form, [&](std::size_t begin, std::size_t end) { take(form.substr(begin, end - begin)); });
    text.remove_prefix(segment.size());
  }
}

void Whitespace::tokenize_spans(std::string_view text, TakeSpan take) {
  if (form_.changes_nothing()) {
    find_runs(text, [&](std::size_t begin, std::size_t end) {
      take(text.substr(begin, end - begin), {begin, end});
    });
    return;
  }
  for (std::size_t offset = 0; offset < text.size();) {
    const std::string_view rest = text.substr(offset);
    const std::string_view segment = rest.substr(0, segment_length(rest));
    form_.aligned(segment).to_utf8(buffer_, sources_);
    const std::string_view form = buffer_;
    find_runs(form, [&](std::size_t begin, std::size_t end) {
      take(form.substr(begin, end - begin), {offset + sources_[begin].begin, offset + sources_[end - 1].end});
    });
    offset += segment.size();
  }
}

std::string Whitespace::detokenize(const std::vector<std::string>& tokens) const {
  std::string text;
  bool line_begins = true;
  for (const std::string& token : tokens) {
    if (token == kEnd) {
      text += '\n';
      line_begins = true;
      continue;
    }
    if (!line_begins) text += ' ';
    text += token;
    line_begins = false;
  }
  return text;
}

}  // namespace weft::nlp
