#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The long forms of the diagnostics, as `weft explain CODE` prints them.
namespace weft {

/// What a code means, once and for all. `wrong` is a script with this fault and no other, `mended` one
/// without: tests check both, so that neither grows stale. Both are empty where a file alone can't show the
/// fault.
struct Explanation {
  const char* code;   // "E0204"
  const char* title;  // one line, no full stop
  const char* text;   // why it is a fault, and ways out
  const char* wrong;
  const char* mended;
};

/// All of them, by code.
const std::vector<Explanation>& explanations();

/// That of a code in upper or lower case; null where there is none.
const Explanation* find_explanation(std::string_view code);

/// The nearest code to what was typed, as "E0204"; empty where none is near.
std::string nearest_code(std::string_view typed);

/// Title, text and examples, wrapped to 80 columns; ends with a newline.
std::string long_form(const Explanation&);

/// One file a group; explain.cpp puts them together.
namespace explain {
const std::vector<Explanation>& syntax();
const std::vector<Explanation>& axes();
const std::vector<Explanation>& values();
const std::vector<Explanation>& statements();
const std::vector<Explanation>& updates();
const std::vector<Explanation>& warnings();
}  // namespace explain

}  // namespace weft
