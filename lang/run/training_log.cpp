#include "lang/run/training_log.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>

namespace weft {

namespace {

std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump();
}

std::string number(double x) {
  if (!std::isfinite(x)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

}  // namespace

TrainingLog::TrainingLog(const std::string& path) : path_(path), out_(path, std::ios::binary) {
  close();
}

void TrainingLog::close() {
  if (out_.flush()) return;
  throw std::system_error(errno, std::generic_category(), "can't write the log " + path_);
}

void TrainingLog::step(std::string_view run, std::int64_t step, const Named& losses, double seconds) {
  out_ << "{\"run\": " << quoted(run) << ", \"step\": " << step;
  for (const auto& [name, x] : losses) out_ << ", " << quoted(name) << ": " << number(x);
  out_ << ", \"seconds\": " << number(seconds) << "}\n";
}

void TrainingLog::validation(std::string_view run, std::int64_t step, std::int64_t epoch,
                             const Named& metrics, std::int64_t batches, double seconds) {
  out_ << "{\"run\": " << quoted(run) << ", \"step\": " << step << ", \"epoch\": " << epoch
       << ", \"validation\": {";
  const char* separator = "";
  for (const auto& [name, x] : metrics) {
    out_ << separator << quoted(name) << ": " << number(x);
    separator = ", ";
  }
  out_ << "}, \"batches\": " << batches << ", \"seconds\": " << number(seconds) << "}\n";
}

}  // namespace weft
