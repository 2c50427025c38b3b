#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "corpora/dataset.h"

namespace weft::corpora {

/// The offset of the first byte that is a NUL or begins what is not UTF-8, or npos. Cost: several GB/s.
std::size_t first_invalid(std::string_view text);

/// Writes `text` with its invalid places replaced or left out to `out`, which must not be where `text` lies.
/// How many places there were. Source of what a place is: The Unicode Standard 15, section 3.9, "Substitution
/// of Maximal Subparts".
std::int64_t mend(std::string_view text, Invalid policy, std::string& out);

}  // namespace weft::corpora
