#include "lang/syntax/literals.h"

#include <charconv>
#include <system_error>

#include "lang/concat.h"
#include "lang/syntax/syntax_codes.h"
#include "lang/utf8.h"

namespace weft::syntax {
namespace {

Diagnostic escape_fault(std::size_t begin, std::size_t end, std::string message, std::string help) {
  Diagnostic d;
  d.code = syntax_code::escape;
  d.span = {0, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  d.message = std::move(message);
  d.help = std::move(help);
  return d;
}

}  // namespace

std::string unescape(std::string_view body, std::optional<Diagnostic>& fault) {
  std::string value;
  value.reserve(body.size());
  const auto report = [&](std::size_t begin, std::size_t end, std::string message, std::string help) {
    if (!fault) fault = escape_fault(begin, end, std::move(message), std::move(help));
  };
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] != '\\' || at + 1 == body.size()) {
      value += body[at++];
      continue;
    }
    const std::size_t begin = at;
    const char letter = body[at + 1];
    at += 2;
    if (letter == 'n') {
      value += '\n';
    } else if (letter == 't') {
      value += '\t';
    } else if (letter == '"' || letter == '\\') {
      value += letter;
    } else if (letter == 'u' && at < body.size() && body[at] == '{') {
      const std::size_t close = body.substr(0, at + 12).find('}', at);
      const std::size_t end = close == std::string_view::npos ? at + 1 : close + 1;
      std::uint32_t point = 0;
      const char* last = body.data() + end - 1;
      const auto read = std::from_chars(body.data() + at + 1, last, point, 16);
      const bool whole = close != std::string_view::npos && read.ec == std::errc{} && read.ptr == last;
      if (!whole || point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        report(begin, end, "`\\u{...}` needs the number of a Unicode character",
               "write it in hexadecimal digits, as in \\u{3bb}");
      } else {
        append_utf8(value, point);
      }
      at = end;
    } else {
      const std::size_t end = begin + 1 + decode_utf8(body, begin + 1).length;
      report(begin, end, concat("unknown escape `", body.substr(begin, end - begin), "`"),
             "the escapes are \\n \\t \\\" \\\\ and \\u{...}; write \\\\ for a backslash");
      at = end;
    }
  }
  return value;
}

double number_value(std::string_view digits, std::optional<Diagnostic>& fault) {
  constexpr std::uint64_t exact = std::uint64_t{1} << 53;
  const char* end = digits.data() + digits.size();
  Diagnostic d;
  d.code = syntax_code::number_range;
  double value = 0;
  if (std::from_chars(digits.data(), end, value).ec != std::errc{}) {
    d.message = "a number out of range";
    d.label = "can't be held in 64 bits";
    d.help = "numbers lie between 1e-308 and 1e308, or are 0";
    fault = std::move(d);
    return 0;
  }
  if (digits.find_first_of(".eE") != std::string_view::npos) return value;
  std::uint64_t integer = 0;
  if (std::from_chars(digits.data(), end, integer).ec != std::errc{} || integer > exact) {
    d.message = "an integer too large to be exact";
    d.label = "above 2^53 = 9007199254740992";
    d.help = "write it with an exponent, as in 1e20, where it needn't be exact";
    fault = std::move(d);
  }
  return value;
}

}  // namespace weft::syntax
