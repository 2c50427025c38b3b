#include "corpora/readers/csv_records.h"

#include <algorithm>

#include "corpora/records.h"

namespace weft::corpora {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Where the quotes end that open at `text[at]`: the offset behind the closing one, or npos.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  for (;;) {
    at = text.find('"', at + 1);
    if (at == kNone) return kNone;
    if (at + 1 == text.size() || text[at + 1] != '"') return at + 1;
    ++at;
  }
}

}  // namespace

std::size_t whole_csv_records(std::string_view text) {
  std::size_t whole = 0, at = 0;
  while (at < text.size()) {  // at the begin of a field
    if (text[at] == '"') {
      at = behind_quotes(text, at);
      if (at == kNone) break;
    }
    at = text.find_first_of(",\n", at);
    if (at == kNone) break;
    if (text[at++] == '\n') whole = at;
  }
  return whole;
}

void read_csv_record(std::string_view text, CsvRecord& record) {
  record.count = 0;
  record.fault = CsvFault::none;
  bool quoted = false;
  std::size_t at = 0;
  for (bool more = true; more;) {
    if (record.count == record.fields.size()) record.fields.emplace_back();
    std::string& field = record.fields[record.count++];
    field.clear();
    if (at < text.size() && text[at] == '"') {
      quoted = true;
      const std::size_t end = behind_quotes(text, at);
      const std::size_t close = end == kNone ? text.size() : end - 1;
      if (end == kNone) record.fault = CsvFault::open_quote;
      for (std::size_t i = at + 1; i < close; ++i) {
        field += text[i];
        if (text[i] == '"') ++i;
      }
      at = end == kNone ? text.size() : end;
    }
    const std::size_t end = std::min(text.find_first_of(",\n", at), text.size());
    std::string_view rest = text.substr(at, end - at);
    more = end < text.size() && text[end] == ',';
    if (!more && !rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    if (quoted && !field.empty() && !trim(rest).empty() && record.fault == CsvFault::none)
      record.fault = CsvFault::after_quote;
    field += rest;
    at = end + (end < text.size() ? 1 : 0);
  }
  record.bytes = at;
  record.blank = !quoted && record.count == 1 && is_blank(record.fields[0]);
}

}  // namespace weft::corpora
