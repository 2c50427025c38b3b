#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::nlp {

/// Bytes as text, and back; nothing where the text is no base64. Source: RFC 4648, section 4.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace weft::nlp
