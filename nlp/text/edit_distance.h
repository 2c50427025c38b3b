#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::nlp {

/// The least number of insertions, deletions, substitutions and swaps of neighbours, in bytes, that turn a
/// into b, no part being edited twice. Cost: O(|a| |b|). Source: Damerau 1964; the restricted form ("optimal
/// string alignment").
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to a misspelt name, at most a third of its length (at least 1) away; empty: none is
/// near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace weft::nlp
