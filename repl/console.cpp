#include "repl/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "lang/run/print.h"
#include "repl/interrupt.h"

namespace weft::repl {

namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(std::min(std::max(seconds, 0.0), 359999.0));
  char text[32];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  }
  return text;
}

std::string progress_text(const Progress& p) {
  const auto of = [](const char* what, std::int64_t done, std::int64_t all) {
    return std::string(what) + " " + std::to_string(done) + (all > 0 ? "/" + std::to_string(all) : "");
  };
  const bool text = p.tokens_per_second > 0;
  std::string line = p.run + ": ";
  // Where there is no data there are no passes over it to speak of.
  if (text || p.epochs > 1) line += of("epoch", p.epoch, p.epochs) + ", ";
  if (p.episodes > 0) line += of("episode", p.episode, p.episodes) + ", ";
  line += of("step", p.step, p.steps);
  char number[64];
  if (p.has_loss) {
    std::snprintf(number, sizeof number, ", loss %.4f", p.loss);
    line += number;
  }
  std::snprintf(number, sizeof number, ", %.0f %s", text ? p.tokens_per_second : p.steps_per_second,
                text ? "tokens/s" : "steps/s");
  line += number;
  for (const auto& [name, value] : p.metrics) line += ", " + name + " " + print(value);
  return line + ", " + clock_text(p.seconds_left) + " left";
}

std::size_t terminal_width(int stream) {
  winsize size = {};
  return ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Console::Console() : terminal_(isatty(STDERR_FILENO) != 0) {}

void Console::clear_line() {
  if (line_open_) std::fputs("\r\033[K", stderr);
  line_open_ = false;
}

void Console::show(const std::string& text) {
  clear_line();
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  if (std::fflush(stdout) != 0) {
    const int error = errno;
    throw std::system_error(error, std::generic_category(), "can't write to standard output");
  }
}

void Console::note(const std::string& line) {
  clear_line();
  std::fputs((line + "\n").c_str(), stderr);
}

void Console::progress(const Progress& p) {
  if (p.epoch_done) return note(progress_text(p));
  if (terminal_) {
    clear_line();
    // A line that wraps could not be rewritten.
    std::fputs(progress_text(p).substr(0, terminal_width(STDERR_FILENO) - 1).c_str(), stderr);
    std::fflush(stderr);
    line_open_ = true;
    return;
  }
  // Of the last step the end of its epoch tells next.
  if (p.steps > 0 && p.step == p.steps) return;
  const auto now = std::chrono::steady_clock::now();
  if (last_plain_.time_since_epoch().count() != 0 && now - last_plain_ < std::chrono::seconds(10)) return;
  last_plain_ = now;
  note(progress_text(p));
}

std::size_t Console::width() {
  return terminal_width(STDOUT_FILENO);
}

bool Console::interrupted() {
  return Interrupt::requested();
}

void Console::diagnostics(const std::vector<Diagnostic>& all, const Sources& sources) {
  clear_line();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::fputs(((i ? "\n" : "") + render(all[i], sources)).c_str(), stderr);
  }
}

}  // namespace weft::repl
