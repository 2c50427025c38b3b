#include "repl/progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "repl/progress_text.h"

namespace weft::repl {

namespace {

using namespace std::chrono_literals;

std::size_t columns() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::close() {
  if (open_) std::fputs("\r\033[K", stderr);
  open_ = false;
}

void ProgressLine::note(const std::string& text) {
  close();
  std::fputs((text + "\n").c_str(), stderr);
}

void ProgressLine::show(const std::string& text) {
  const auto now = Clock::now();
  if (shown_ != Clock::time_point{} && now - shown_ < (terminal_ ? 50ms : 10s)) return;
  shown_ = now;
  if (!terminal_) return note(text);
  close();
  // A line that wraps could not be rewritten.
  std::fputs(text.substr(0, columns() - 1).c_str(), stderr);
  std::fflush(stderr);
  open_ = true;
}

void ReadingProgress::show(std::int64_t read, std::int64_t of) {
  if (std::chrono::steady_clock::now() - begun_ >= 1s) line_.show(reading_text(name_, read, of));
}

}  // namespace weft::repl
