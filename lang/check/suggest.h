#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/check/elaborator.h"

/// What hints are made of: edits that mend a fault, and the names that may have been meant.
namespace weft::check {

/// `text` in the place of `span`; none where `text` is empty, as that of a name nothing is near to.
inline std::optional<Fix> replaced(Span span, const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(Fix{span, text});
}

/// The divisor of n > 0 that is nearest to m > 0, the smaller of two.
std::int64_t nearest_divisor(std::int64_t n, std::int64_t m);

/// The whole number that a declaration gives the name at `name`: `8` of `axis Head = 8`.
std::optional<Span> number_after(const Sources&, Span name);

/// "[V -> H]" of "[H -> V]"; empty where there is no arrow.
std::string sides_changed(std::string_view brackets);

/// A name in reach whose elements are indices into `axis`; the first by alphabet, empty where there is none.
std::string index_into(const Elaborator&, AxisId axis);
/// A name in reach of real numbers that have the axis `has`, and not the axis `hasnt`.
std::string table_over(const Elaborator&, AxisId has, AxisId hasnt);

}  // namespace weft::check
