#include "corpora/readers/fields.h"

#include <algorithm>

#include "corpora/dataset.h"
#include "nlp/text/edit_distance.h"

namespace weft::corpora {

bool any_named(const std::vector<ColumnName>& columns) {
  return std::any_of(columns.begin(), columns.end(),
                     [](const auto& column) { return std::holds_alternative<std::string>(column); });
}

ColumnPlaces places_of(const std::vector<ColumnName>& columns, const std::string& path) {
  return places_of(columns, {}, {path, 0});
}

ColumnPlaces places_of(const std::vector<ColumnName>& columns, const std::vector<std::string>& header,
                       const TextPlace& place) {
  ColumnPlaces places;
  for (const ColumnName& column : columns) {
    if (const auto* number = std::get_if<std::int64_t>(&column)) {
      if (*number < 1) {
        throw DataError(place.file, 0, "there is no column " + std::to_string(*number),
                        "columns are counted from 1");
      }
      places.push_back(static_cast<std::size_t>(*number) - 1);
      continue;
    }
    const auto& name = std::get<std::string>(column);
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
      std::string list;
      for (const auto& known : header) list += (list.empty() ? "" : ", ") + known;
      const std::string near = nlp::nearest_name(name, header);
      throw DataError(place.file, place.line, "no column is named \"" + name + "\"; the header has: " + list,
                      near.empty() ? "" : "did you mean " + near + "?");
    }
    places.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  return places;
}

Header tab_header(const std::vector<ColumnName>& columns, std::string_view text, const TextPlace& place) {
  Header header;
  for_each_line(text, place.line, [&](std::string_view line, std::int64_t number) {
    if (header.bytes > 0) return;
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      names.emplace_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    header.columns = places_of(columns, names, {place.file, number});
    const auto behind = static_cast<std::size_t>(line.data() + line.size() - text.data());
    header.bytes = std::min(text.find('\n', behind), text.size() - 1) + 1;
  });
  return header;
}

void tab_fields(std::string_view line, const ColumnPlaces& places, const TextPlace& place,
                std::vector<std::string_view>& fields) {
  const std::size_t needed = *std::max_element(places.begin(), places.end()) + 1;
  fields.assign(places.size(), {});
  std::size_t index = 0;
  for (std::size_t begin = 0; begin <= line.size() && index < needed; ++index) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] == index) fields[i] = line.substr(begin, end - begin);
    }
    begin = end + 1;
  }
  if (index < needed) too_few_fields(places, index, place, "fields are separated by tabs");
}

void too_few_fields(const ColumnPlaces& places, std::size_t have, const TextPlace& place,
                    const std::string& hint) {
  const std::size_t needed = *std::max_element(places.begin(), places.end()) + 1;
  throw DataError(place.file, place.line,
                  "expected at least " + std::to_string(needed) + " fields, got " + std::to_string(have),
                  hint);
}

}  // namespace weft::corpora
