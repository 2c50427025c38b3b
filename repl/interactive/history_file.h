#pragma once

#include <string>
#include <vector>

namespace weft::repl {

/// The statements of earlier sessions, in $XDG_STATE_HOME/weft/history or ~/.local/state/weft/history: one on
/// a line, the line ends within it written as `\n`. Sessions that run side by side add to it in turn; what is
/// older than the last kEntries entries goes when a session begins. A file that can't be read or written is
/// no history and no fault.
class HistoryFile {
 public:
  static constexpr std::size_t kEntries = 1000;
  static constexpr std::size_t kLongestEntry = std::size_t{64} << 10;

  HistoryFile();
  /// The entries of earlier sessions, the oldest first.
  const std::vector<std::string>& entries() const { return entries_; }
  void add(const std::string& entry);

 private:
  void shorten();

  std::string path_;  // empty: there is no place for one
  std::vector<std::string> entries_;
};

}  // namespace weft::repl
