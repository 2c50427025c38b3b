#pragma once

namespace weft {

/// How many columns of a terminal a character takes: 2 for East Asian wide and full-width ones and for emoji,
/// 0 for combining marks and joiners, 1 for others. Source: Unicode Standard Annex #11 (East Asian Width W
/// and F) and general category Mn, by blocks.
int text_width(char32_t c);

/// Whether it would disturb the line it is shown in: controls, and the marks that turn the direction of text.
bool is_control(char32_t c);

}  // namespace weft
