#pragma once

namespace weft::syntax {

/// Whether a name may hold the character (digits apart): ASCII letters, `_`, and what lies outside ASCII and
/// is neither punctuation, symbol, space nor control. Wider than UAX #31, never narrower.
bool is_letter(char32_t c);

/// What a character that isn't ASCII was most likely meant to be, "`,`" for a full-width comma; null where
/// nothing is near.
const char* ascii_lookalike(char32_t c);

}  // namespace weft::syntax
