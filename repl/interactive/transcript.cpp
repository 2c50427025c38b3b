#include "repl/interactive/transcript.h"

#include <string_view>

namespace weft::repl {

namespace {

/// Copying may have cut the blank at the end of a prompt alone on its line.
bool strip(std::string& line, std::string_view prompt) {
  if (line.compare(0, prompt.size(), prompt) == 0) {
    line.erase(0, prompt.size());
    return true;
  }
  prompt.remove_suffix(1);
  if (line != prompt) return false;
  line.clear();
  return true;
}

}  // namespace

bool Transcript::take(std::string& line) {
  if (strip(line, kPrompt)) {
    inside_ = true;
    return true;
  }
  return !inside_ || strip(line, kMorePrompt);
}

}  // namespace weft::repl
