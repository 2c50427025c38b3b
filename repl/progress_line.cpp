#include "repl/progress_line.h"

#include <unistd.h>

#include <cstdio>

namespace weft::repl {

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) != 0), last_plain_(std::chrono::steady_clock::now()) {}

void ProgressLine::close() {
  if (open_) std::fputs("\r\033[K", stderr);
  open_ = false;
}

void ProgressLine::note(const std::string& text) {
  close();
  std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressLine::show(const std::string& text) {
  if (terminal_) {
    // 79 columns: a line that wraps could not be rewritten.
    std::fprintf(stderr, "\r\033[K%.79s", text.c_str());
    std::fflush(stderr);
    open_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - last_plain_ < std::chrono::seconds(10)) return;
  last_plain_ = now;
  std::fprintf(stderr, "%s\n", text.c_str());
}

}  // namespace weft::repl
