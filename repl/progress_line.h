#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace weft::repl {

/// Progress on stderr: one line that is rewritten where that is a terminal, a plain line now and then where
/// it isn't; and notes between.
class ProgressLine {
 public:
  ProgressLine();
  /// Closes it: what went wrong is told on a line of its own.
  ~ProgressLine() { close(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  /// Shown where the last was long enough ago.
  void show(const std::string& text);
  void note(const std::string& text);
  /// Takes the line away, so that something else can be written.
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_, open_ = false;
  Clock::time_point shown_ = {};
};

/// How much of a text has been read, where that takes long enough for one to wonder. What it is called with
/// is what corpora::Watch is told.
class ReadingProgress {
 public:
  ReadingProgress(std::string name, ProgressLine& line)
      : name_(std::move(name)), line_(line), begun_(std::chrono::steady_clock::now()) {}
  /// of: 0 where nobody knows.
  void show(std::int64_t read, std::int64_t of);

 private:
  std::string name_;
  ProgressLine& line_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace weft::repl
