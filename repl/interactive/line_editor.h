#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "repl/interactive/completion.h"
#include "repl/interactive/history_file.h"

namespace weft::repl {

/// Lines typed, recalled or pasted at a terminal, on libedit.
class LineEditor {
 public:
  /// `complete(line)`: for the line up to the cursor.
  explicit LineEditor(std::function<Completion(const std::string&)> complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class Event { line, interrupt, end };
  /// The next line, without its end; one that was recalled may hold several.
  Event next(const std::string& prompt, std::string& line);
  /// More came at once: the line before was pasted.
  bool more_waits() const;
  /// What was pasted and not yet read is dropped.
  void forget_pasted();
  /// For recalling: a statement as a whole.
  void remember(const std::string& statement);

 private:
  struct Editline;
  unsigned char complete_word();
  unsigned char paste();
  void list(const std::vector<std::string>& values) const;

  std::function<Completion(const std::string&)> complete_;
  HistoryFile file_;
  std::unique_ptr<Editline> edit_;
  std::string prompt_;
  std::string last_;                // statement remembered
  std::deque<std::string> pasted_;  // lines yet to be read
  std::string unfinished_;          // the pasted line without an end
};

}  // namespace weft::repl
