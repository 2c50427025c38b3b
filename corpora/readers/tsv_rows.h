#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "corpora/line_source.h"

namespace weft::corpora {

/// A column as it is asked for: its number from 1, or its name in the header.
using ColumnName = std::variant<std::int64_t, std::string>;

/// The rows of a file whose fields are separated by tabs; nothing is quoted. The first line that holds text
/// is a header exactly when one of the columns asked for is given by name.
class TsvRows {
 public:
  /// The longest line that is taken, in bytes.
  static constexpr std::size_t kLongestRow = std::size_t{16} << 20;

  /// Throws DataError as LineSource does, for a number below 1, and for a name that the header doesn't have.
  TsvRows(const std::string& path, const std::vector<ColumnName>& columns,
          std::function<bool()> stop = nullptr);

  /// The fields of the columns asked for, in their order, valid until the next call; false at the end. Throws
  /// DataError, with the line, where a row has too few fields or is too long.
  bool next(std::vector<std::string_view>& fields);

  const std::string& path() const { return source_.path(); }
  std::int64_t line() const { return line_; }

 private:
  bool next_line(std::string_view& line);
  void find_columns(std::string_view header, const std::vector<ColumnName>& columns);

  LineSource source_;
  std::vector<std::size_t> indices_;  // of the columns asked for, from 0
  std::size_t needed_ = 0;            // fields a row must have
  std::string joined_;                // a line that came in pieces
  std::int64_t line_ = 0;
};

}  // namespace weft::corpora
