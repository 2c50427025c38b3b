#include "repl/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "repl/interrupt.h"
#include "repl/progress_text.h"

namespace weft::repl {

void Console::show(const std::string& text) {
  line_.close();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  if (std::fflush(stdout) != 0) {
    const int error = errno;
    throw std::system_error(error, std::generic_category(), "can't write to standard output");
  }
}

void Console::note(const std::string& line) {
  line_.note(line);
}

void Console::progress(const Progress& p) {
  if (p.epoch_done) return line_.note(progress_text(p));
  // Of the last step the end of its epoch tells next.
  if (p.steps > 0 && p.step == p.steps) return;
  line_.show(progress_text(p));
}

void Console::reading(const std::string& name, std::int64_t read, std::int64_t of) {
  if (!reading_ || read == 0) reading_.emplace(name, line_);
  reading_->show(read, of);
}

std::size_t Console::width() {
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool Console::interrupted() {
  return Interrupt::requested();
}

void Console::diagnostics(const std::vector<Diagnostic>& all, const Sources& sources) {
  line_.close();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::fputs(((i ? "\n" : "") + render(all[i], sources)).c_str(), stderr);
  }
}

}  // namespace weft::repl
