#pragma once

#include <string>

namespace weft::repl {

inline constexpr const char* kPrompt = "weft> ";
inline constexpr const char* kMorePrompt = "  ... ";

/// Lines copied from a session, prompts and results and all. From the first line with a prompt on, only such
/// lines count.
class Transcript {
 public:
  /// Takes the prompt off. False: the line is a result or note of that session, and says nothing.
  bool take(std::string& line);
  /// What follows was not copied together with what went before.
  void end() { inside_ = false; }

 private:
  bool inside_ = false;
};

}  // namespace weft::repl
