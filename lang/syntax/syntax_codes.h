#pragma once

/// The codes of what can be wrong with a text before anything is known of its meaning.
namespace weft::syntax_code {

inline constexpr char not_utf8[] = "E0101";           // a byte that is no UTF-8, or a NUL
inline constexpr char character[] = "E0102";          // a character that has no meaning in a program
inline constexpr char open_text[] = "E0103";          // a text without its closing quote
inline constexpr char escape[] = "E0104";             // an escape that isn't one of \n \t \" \\ \u{...}
inline constexpr char number[] = "E0105";             // letters that stick to a number
inline constexpr char number_range[] = "E0106";       // a number too large, too small or not exact
inline constexpr char never_closed[] = "E0107";       // a bracket without its partner further on
inline constexpr char closes_nothing[] = "E0108";     // a bracket without its partner further up
inline constexpr char too_deep[] = "E0109";           // brackets nested too deeply
inline constexpr char expected[] = "E0110";           // something else had to come here
inline constexpr char unknown_statement[] = "E0111";  // a line that starts with no word of the language
inline constexpr char word_as_name[] = "E0112";       // a word of the language used as a name
inline constexpr char lone_else[] = "E0113";          // `else` that follows no `if`
inline constexpr char unexpected[] = "E0114";         // something after a complete statement
inline constexpr char chained[] = "E0115";            // a < b < c
inline constexpr char not_operand[] = "E0116";        // `not` as an operand of something that binds tighter
inline constexpr char misplaced[] = "E0117";          // a statement in a block that doesn't hold such ones
inline constexpr char primes[] = "E0118";             // a prime on a name that isn't an axis
inline constexpr char too_large[] = "E0119";          // a source text of more than 4 MiB

}  // namespace weft::syntax_code
