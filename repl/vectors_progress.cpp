#include "repl/vectors_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace weft::repl {

VectorsProgress::VectorsProgress(std::string name)
    : name_(std::move(name)), terminal_(isatty(STDERR_FILENO) != 0) {}

void VectorsProgress::end() {
  if (open_) std::fputs("\r\033[K", stderr);
  open_ = false;
}

void VectorsProgress::show(const nlp::EmbeddingProgress& p) {
  const double share = p.all_words > 0 ? static_cast<double>(p.words) / static_cast<double>(p.all_words) : 1;
  const auto left = static_cast<long>(std::min(std::max(p.seconds_left, 0.0), 359999.0));
  char text[200];
  std::snprintf(text, sizeof text,
                "%s: epoch %lld/%lld, %.1f %%, loss %.4f, rate %.5f, %.0f words/s, %ld:%02ld left",
                name_.c_str(), static_cast<long long>(p.epoch), static_cast<long long>(p.epochs), share * 100,
                p.loss, std::max(0.0, p.rate), p.words_per_second, left / 60, left % 60);
  if (p.epoch_done) {
    end();
    std::fprintf(stderr, "%s\n", text);
    return;
  }
  if (terminal_) {
    // 79 columns: a line that wraps could not be rewritten
    std::fprintf(stderr, "\r\033[K%.79s", text);
    std::fflush(stderr);
    open_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (last_plain_.time_since_epoch().count() == 0) last_plain_ = now;
  if (now - last_plain_ < std::chrono::seconds(10)) return;
  last_plain_ = now;
  std::fprintf(stderr, "%s\n", text);
}

}  // namespace weft::repl
