#include "nlp/text/bytes.h"

#include <array>
#include <charconv>

#include "nlp/text/segments.h"
#include "nlp/text/vocabulary.h"

namespace weft::nlp {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string name_of(unsigned byte) {
  if (byte > ' ' && byte < 0x7F) return std::string(1, static_cast<char>(byte));
  constexpr char digits[] = "0123456789ABCDEF";
  return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

const std::array<std::string, 256>& names() {
  static const std::array<std::string, 256> all = [] {
    std::array<std::string, 256> out;
    for (unsigned byte = 0; byte < 256; ++byte) out[byte] = name_of(byte);
    return out;
  }();
  return all;
}

std::string_view name_of(char byte) {
  return names()[static_cast<unsigned char>(byte)];
}

/// The byte that a token names; another token stays as it is.
void append_byte(const std::string& token, std::string& out) {
  unsigned byte = 0;
  if (token.size() == 6 && token.compare(0, 3, "<0x") == 0 && token[5] == '>') {
    const auto [end, fault] = std::from_chars(token.data() + 3, token.data() + 5, byte, 16);
    if (fault == std::errc() && end == token.data() + 5) {
      out.push_back(static_cast<char>(byte));
      return;
    }
  }
  out += token;
}

std::string valid_utf8(const std::string& bytes) {
  std::string out;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::size_t good = std::min(check_utf8(rest), rest.size());
    out += rest.substr(0, good);
    rest.remove_prefix(good);
    if (rest.empty()) break;
    out += kReplacement;
    rest.remove_prefix(1);
  }
  return out;
}

}  // namespace

Bytes::Bytes(const TokenizerSettings& settings) : form_(settings, parse_locale(settings.locale)) {}

void Bytes::tokenize(std::string_view text, Take take) {
  if (form_.changes_nothing()) {
    for (const char byte : text) take(name_of(byte));
    return;
  }
  while (!text.empty()) {
    const std::string_view segment = text.substr(0, segment_length(text));
    buffer_.clear();
    form_(segment).toUTF8String(buffer_);
    for (const char byte : buffer_) take(name_of(byte));
    text.remove_prefix(segment.size());
  }
}

void Bytes::tokenize_spans(std::string_view text, TakeSpan take) {
  if (form_.changes_nothing()) {
    for (std::size_t i = 0; i < text.size(); ++i) take(name_of(text[i]), {i, i + 1});
    return;
  }
  for (std::size_t offset = 0; offset < text.size();) {
    const std::string_view rest = text.substr(offset);
    const std::string_view segment = rest.substr(0, segment_length(rest));
    form_.aligned(segment).to_utf8(buffer_, sources_);
    for (std::size_t i = 0; i < buffer_.size(); ++i)
      take(name_of(buffer_[i]), {offset + sources_[i].begin, offset + sources_[i].end});
    offset += segment.size();
  }
}

std::string Bytes::detokenize(const std::vector<std::string>& tokens) const {
  std::string bytes;
  for (const std::string& token : tokens) {
    if (token == kEnd) {
      bytes += '\n';
    } else {
      append_byte(token, bytes);
    }
  }
  return valid_utf8(bytes);
}

}  // namespace weft::nlp
