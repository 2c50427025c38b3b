#include "repl/progress_text.h"

#include <algorithm>
#include <cstdio>

#include "lang/run/print.h"

namespace weft::repl {

namespace {

template <class... Arguments>
std::string format(const char* form, Arguments... arguments) {
  char text[160];
  std::snprintf(text, sizeof text, form, arguments...);
  return text;
}

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(std::clamp(seconds, 0.0, 359999.0));
  return s >= 3600 ? format("%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60)
                   : format("%ld:%02ld", s / 60, s % 60);
}

std::string counted(const char* what, std::int64_t done, std::int64_t all) {
  return std::string(what) + " " + std::to_string(done) + (all > 0 ? "/" + std::to_string(all) : "");
}

std::string epoch_text(const std::string& run, std::int64_t epoch, std::int64_t epochs, double share,
                       double loss, double rate, double words_per_second, double seconds_left) {
  return run + ": " + counted("epoch", epoch, epochs) +
         format(", %.1f %%, loss %.4f, rate %.5f, %.0f words/s, ", 100 * share, loss, std::max(0.0, rate),
                words_per_second) +
         clock_text(seconds_left) + " left";
}

}  // namespace

std::string progress_text(const Progress& p) {
  const bool text = p.tokens_per_second > 0;
  std::string line = p.run + ": ";
  // Where there is no data there are no passes over it to speak of.
  if (text || p.epochs > 1) line += counted("epoch", p.epoch, p.epochs) + ", ";
  if (p.episodes > 0) line += counted("episode", p.episode, p.episodes) + ", ";
  line += counted("step", p.step, p.steps);
  if (p.has_loss) line += format(", loss %.4f", p.loss);
  line += format(", %.0f %s", text ? p.tokens_per_second : p.steps_per_second, text ? "tokens/s" : "steps/s");
  for (const auto& [name, value] : p.metrics) line += ", " + name + " " + print(value);
  return line + ", " + clock_text(p.seconds_left) + " left";
}

std::string progress_text(const std::string& run, const nlp::EmbeddingProgress& p) {
  const double share = p.all_words > 0 ? static_cast<double>(p.words) / static_cast<double>(p.all_words) : 1;
  return epoch_text(run, p.epoch, p.epochs, share, p.loss, p.rate, p.words_per_second, p.seconds_left);
}

std::string progress_text(const std::string& run, const nlp::ClassifierProgress& p) {
  return epoch_text(run, p.epoch, p.epochs, p.done, p.loss, p.rate, p.words_per_second, p.seconds_left);
}

std::string reading_text(const std::string& name, std::int64_t read, std::int64_t of) {
  // Both in the unit of the larger.
  const auto largest = static_cast<double>(std::max(read, of));
  const double unit = largest >= 1e9 ? 1e9 : 1e6;
  const char* const called = largest >= 1e9 ? "GB" : "MB";
  if (of <= 0) return name + ": " + format("%.1f %s read", static_cast<double>(read) / unit, called);
  return name + ": " +
         format("%.1f of %.1f %s read", static_cast<double>(read) / unit, static_cast<double>(of) / unit,
                called);
}

}  // namespace weft::repl
