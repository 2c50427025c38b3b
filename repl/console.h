#pragma once

#include <chrono>
#include <string>

#include "lang/diagnostic.h"
#include "lang/run/machine.h"

namespace weft::repl {

/// Results on stdout; notes and progress on stderr, as one line that is rewritten where stderr is a terminal
/// and as plain lines now and then where it isn't.
class Console : public Observer {
 public:
  Console();
  void show(const std::string& text) override;
  void progress(const Progress& progress) override;
  void note(const std::string& line) override;
  bool interrupted() override;
  std::size_t width() override;

  void diagnostics(const std::vector<Diagnostic>& all, const Sources& sources);

 private:
  void clear_line();

  bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point last_plain_ = {};
};

}  // namespace weft::repl
