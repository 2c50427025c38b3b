#pragma once

#include <string>
#include <string_view>

namespace weft::nlp {

/// Appends a token as it stands in a line of tokens that are apart by spaces: a space in it as U+2581, as
/// SentencePiece writes it, other white space of ASCII as <0x09>.
void append_token(std::string_view token, std::string& out);

/// A token of `chars` that append_token wrote.
std::string read_token(std::string_view written);

}  // namespace weft::nlp
