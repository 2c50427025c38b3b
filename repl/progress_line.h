#pragma once

#include <chrono>
#include <string>

namespace weft::repl {

/// Progress on stderr: one line that is rewritten where that is a terminal, a plain line now and then where
/// it isn't; and notes between.
class ProgressLine {
 public:
  ProgressLine();
  void show(const std::string& text);
  void note(const std::string& text);
  /// Takes the line away, so that something else can be written.
  void close();

 private:
  bool terminal_, open_ = false;
  std::chrono::steady_clock::time_point last_plain_;
};

}  // namespace weft::repl
