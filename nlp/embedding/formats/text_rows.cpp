#include "nlp/embedding/formats/text_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "nlp/embedding/formats/plain_vectors.h"
#include "nlp/text/tokenizer.h"

namespace weft::nlp {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (is_space(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string_view without_leading_space(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  return s;
}

/// The last field of a line, which is cut off it with the space before it.
std::string_view take_last_field(std::string_view& line) {
  std::size_t begin = line.size();
  while (begin > 0 && !is_space(line[begin - 1])) --begin;
  const std::string_view field = line.substr(begin);
  while (begin > 0 && is_space(line[begin - 1])) --begin;
  line = line.substr(0, begin);
  return field;
}

/// A float at the beginning of `s`; how many bytes it takes, or 0. Too large becomes infinite, too small 0.
std::size_t parse_float(std::string_view s, float& value) {
  const std::size_t sign = !s.empty() && s[0] == '+';
  const auto [end, error] = std::from_chars(s.data() + sign, s.data() + s.size(), value);
  if (error == std::errc::invalid_argument) return 0;
  const auto length = static_cast<std::size_t>(end - s.data());
  if (error == std::errc::result_out_of_range)
    value = std::strtof(std::string(s.substr(0, length)).c_str(), nullptr);
  return length;
}

bool is_number(std::string_view s) {
  float value = 0;
  return !s.empty() && parse_float(s, value) == s.size();
}

std::int64_t count_fields(std::string_view line) {
  std::int64_t n = 0;
  while (!(line = without_leading_space(line)).empty()) {
    ++n;
    while (!line.empty() && !is_space(line.front())) line.remove_prefix(1);
  }
  return n;
}

/// The numbers of exactly vector.size() fields; false where they aren't that.
bool parse_vector(std::string_view text, std::span<float> vector) {
  for (float& v : vector) {
    text = without_leading_space(text);
    const std::size_t n = parse_float(text, v);
    if (n == 0 || (n < text.size() && !is_space(text[n]))) return false;
    text.remove_prefix(n);
  }
  return without_leading_space(text).empty();
}

}  // namespace

std::optional<TextHeader> text_header(std::string_view line) {
  TextHeader h;
  line = trimmed(line);
  const char *p = line.data(), *const end = p + line.size();
  const auto first = std::from_chars(p, end, h.words);
  if (first.ec != std::errc() || first.ptr == end || !is_space(*first.ptr)) return std::nullopt;
  p = first.ptr;
  while (p < end && is_space(*p)) ++p;
  const auto second = std::from_chars(p, end, h.dimension);
  if (second.ec != std::errc() || second.ptr != end || h.words < 0 || h.dimension < 0) return std::nullopt;
  return h;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

bool is_text(std::string_view bytes) {
  constexpr std::size_t kMost = 4096, kLongestCharacter = 4;
  const std::string_view head = bytes.substr(0, kMost);
  const bool plain = std::all_of(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || is_space(c) || c == '\n' || c == '\r';
  });
  const std::size_t fault = check_utf8(head);  // the head may end within a character
  return plain && (fault == head.npos || (bytes.size() > kMost && fault + kLongestCharacter > kMost));
}

std::int64_t trailing_numbers(std::string_view line) {
  line = trimmed(line);
  std::int64_t n = 0;
  while (!line.empty()) {
    const std::string_view field = take_last_field(line);
    if (line.empty() || !is_number(field)) break;
    ++n;
  }
  return n;
}

EmbeddingModel read_text_rows(const BytesIn& in, std::size_t begin, std::int64_t line, std::int64_t dimension,
                              std::int64_t words, bool spaces, const EmbeddingReading& options,
                              EmbeddingReport& report) {
  const std::string_view text = in.bytes();
  const auto left = static_cast<std::int64_t>(text.size() - begin);
  if (dimension <= 0 || dimension > left / 2)
    in.fail_at_line(1,
                    "vectors of " + std::to_string(dimension) + " numbers in a file of " +
                        std::to_string(text.size()) + " bytes",
                    "the file is cut short, or it is none of word vectors");
  std::int64_t rows = words;
  if (words < 0) rows = std::count(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), '\n') + 1;
  // A row takes a letter, then a space and a digit for each number, and a line end: the last may lack it.
  const std::int64_t most = (left + 1) / (2 * dimension + 2);
  if (words > most) {
    const std::string what = "the first line promises " + std::to_string(words) + " words of " +
                             std::to_string(dimension) + " numbers, for which the file is too short";
    PlainVectors checker(in, options, report, 0, 1);
    if (!checker.pass_over(what))
      in.fail_at_line(1, what, "it is cut short: fetch it again, or --skip-faults reads what is there");
  }
  PlainVectors out(in, options, report, std::min(rows, most), static_cast<std::int32_t>(dimension));
  const PlainVectors::Fail fail = [&](const std::string& what, const std::string& hint) {
    in.fail_at_line(line, what, hint);
  };
  for (; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = trimmed(text.substr(begin, end - begin));
    begin = end + 1;
    if (row.empty()) continue;
    if (out.full()) {
      const std::string what =
          "a line more than the " + std::to_string(words) + " that the first line promises";
      if (out.pass_over("line " + std::to_string(line) + ": " + what)) break;
      in.fail_at_line(line, what, "mend the number in the first line");
    }
    std::size_t word = 0;
    while (word < row.size() && !is_space(row[word])) ++word;
    if (parse_vector(row.substr(word), out.next_row())) {
      out.add(row.substr(0, word), fail);
      continue;
    }
    std::string_view name = row;
    std::int64_t taken = 0;
    std::string_view field;
    for (; taken < dimension; ++taken) {
      field = take_last_field(name);
      if (name.empty() || !is_number(field)) break;
    }
    const std::int64_t fields = count_fields(row);
    const std::string expected = "expected a word and " + std::to_string(dimension) + " numbers, got ";
    if (taken < dimension && !name.empty() && fields == dimension + 1)
      out.fault(fail, expected + quoted_word(field) + " as number " + std::to_string(dimension - taken), "");
    else if (taken < dimension || !spaces)
      out.fault(fail, expected + std::to_string(fields) + " fields",
                taken < dimension ? "" : "words with spaces can be read with --from glove");
    else if (parse_vector(row.substr(name.size()), out.next_row()))
      out.add(name, fail);
  }
  if (words >= 0 && out.words() + report.skipped < std::min(rows, most)) {
    const std::string what = "expected " + std::to_string(words) + " words, as the first line says, got " +
                             std::to_string(out.words());
    if (!out.pass_over(what))
      in.fail(what, "the file is cut short: fetch it again, or --skip-faults reads what is there");
  }
  return out.take();
}

void append_text_row(std::string& out, std::string_view word, std::span<const float> vector) {
  out.append(word);
  char digits[32];
  for (const float v : vector) {
    out.push_back(' ');
    out.append(digits, std::to_chars(digits, digits + sizeof digits, v).ptr);
  }
  out.push_back('\n');
}

}  // namespace weft::nlp
