#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lang/diagnostic.h"
#include "lang/run/machine.h"
#include "repl/progress_line.h"

namespace weft::repl {

/// Results on stdout; notes and progress on stderr.
class Console : public Observer {
 public:
  void show(const std::string& text) override;
  void progress(const Progress& progress) override;
  void reading(const std::string& name, std::int64_t read, std::int64_t of) override;
  void note(const std::string& line) override;
  bool interrupted() override;
  std::size_t width() override;

  void diagnostics(const std::vector<Diagnostic>& all, const Sources& sources);

 private:
  ProgressLine line_;
  std::optional<ReadingProgress> reading_;  // of the text that is being read
};

}  // namespace weft::repl
