#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::corpora {

/// Records of comma-separated values as RFC 4180 has them: a field in quotes may hold commas, line ends and
/// quotes, which are written twice. A quote within a field that doesn't begin with one is a character like
/// others.

/// How many bytes at the front of `text` are whole records, each closed by its line end.
std::size_t whole_csv_records(std::string_view text);

enum class CsvFault { none, open_quote, after_quote };

/// The record at the front of `text`.
struct CsvRecord {
  std::vector<std::string> fields;  // as many as were asked for, or all
  std::size_t count = 0;            // fields there are
  std::size_t bytes = 0;            // with the line end
  CsvFault fault = CsvFault::none;  // a quote that isn't closed; something between a quote and the comma
  bool blank = false;               // white space alone, and no quotes
};
/// `record` is used again and again. `text` isn't empty.
void read_csv_record(std::string_view text, CsvRecord& record);

}  // namespace weft::corpora
