#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lang/diagnostic.h"

namespace weft::syntax {

/// The value of a text as it stands between its quotes, escapes resolved: \n \t \" \\ \u{...}. Where one
/// can't be resolved it is left out and the first such is told in `fault`, its span counted from the start of
/// `body`.
std::string unescape(std::string_view body, std::optional<Diagnostic>& fault);

/// The value of a number as it is written. Outside the range of a double, or an integer above 2^53, `fault`
/// says so (without a span).
double number_value(std::string_view digits, std::optional<Diagnostic>& fault);

}  // namespace weft::syntax
