#include "corpora/readers/tsv_rows.h"

#include <algorithm>

#include "corpora/dataset.h"
#include "nlp/text/edit_distance.h"

namespace weft::corpora {

namespace {

std::vector<std::string_view> split_at_tabs(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

}  // namespace

TsvRows::TsvRows(const std::string& path, const std::vector<ColumnName>& columns, std::function<bool()> stop)
    : source_(path, LineSource::kBufferBytes, std::move(stop)) {
  const bool named = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
    return std::holds_alternative<std::string>(column);
  });
  std::string_view header;
  if (named) next_line(header);
  find_columns(header, columns);
  needed_ = *std::max_element(indices_.begin(), indices_.end()) + 1;
}

void TsvRows::find_columns(std::string_view header, const std::vector<ColumnName>& columns) {
  const auto fields = split_at_tabs(header);
  const std::vector<std::string> names(fields.begin(), fields.end());
  for (const ColumnName& column : columns) {
    if (const auto* number = std::get_if<std::int64_t>(&column)) {
      if (*number < 1) {
        throw DataError(path(), 0, "there is no column " + std::to_string(*number),
                        "columns are counted from 1");
      }
      indices_.push_back(static_cast<std::size_t>(*number) - 1);
      continue;
    }
    const auto& name = std::get<std::string>(column);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      std::string list;
      for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
      const std::string near = nlp::nearest_name(name, names);
      throw DataError(path(), line_, "no column is named \"" + name + "\"; the header has: " + list,
                      near.empty() ? "" : "did you mean " + near + "?");
    }
    indices_.push_back(static_cast<std::size_t>(found - names.begin()));
  }
}

bool TsvRows::next_line(std::string_view& line) {
  LinePiece piece;
  if (!source_.next(piece)) return false;
  line_ = piece.line;
  line = piece.text;
  if (piece.last) return true;
  joined_.assign(piece.text);
  while (!piece.last) {
    source_.next(piece);
    joined_.append(piece.text);
    if (joined_.size() > kLongestRow) {
      throw DataError(path(), line_, "a row of more than " + std::to_string(kLongestRow >> 20) + " MiB",
                      "is this a file of tab-separated values?");
    }
  }
  line = joined_;
  return true;
}

bool TsvRows::next(std::vector<std::string_view>& fields) {
  std::string_view line;
  if (!next_line(line)) return false;
  fields.assign(indices_.size(), {});
  std::size_t index = 0;
  for (std::size_t begin = 0; begin <= line.size() && index < needed_; ++index) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      if (indices_[i] == index) fields[i] = line.substr(begin, end - begin);
    }
    begin = end + 1;
  }
  if (index < needed_) {
    throw DataError(path(), line_,
                    "expected at least " + std::to_string(needed_) + " fields, got " + std::to_string(index),
                    "fields are separated by tabs");
  }
  return true;
}

}  // namespace weft::corpora
