#pragma once

#include <string>
#include <string_view>

namespace weft::nlp {

/// The text without differences of case (full case folding, no locale); what isn't UTF-8 becomes U+FFFD.
std::string fold_case(std::string_view text);

}  // namespace weft::nlp
