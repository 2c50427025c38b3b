#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/records.h"

namespace weft::corpora {

/// Whether one of them is asked for by its name, so that files begin with a header.
bool any_named(const std::vector<ColumnName>& columns);

/// Where the columns lie in files without a header. Throws DataError for a number below 1.
ColumnPlaces places_of(const std::vector<ColumnName>& columns, const std::string& path);

/// Where they lie in one whose header has these names. Throws DataError, with the nearest name, for one that
/// it doesn't have.
ColumnPlaces places_of(const std::vector<ColumnName>& columns, const std::vector<std::string>& header,
                       const TextPlace& place);

/// Reads the first line that isn't blank as names apart by tabs.
Header tab_header(const std::vector<ColumnName>& columns, std::string_view text, const TextPlace& place);

/// The fields of a line at these places, apart by tabs; nothing is quoted. Throws DataError where it has too
/// few.
void tab_fields(std::string_view line, const ColumnPlaces& places, const TextPlace& place,
                std::vector<std::string_view>& fields);

[[noreturn]] void too_few_fields(const ColumnPlaces& places, std::size_t have, const TextPlace& place,
                                 const std::string& hint);

}  // namespace weft::corpora
