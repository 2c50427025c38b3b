#include "repl/interactive/history_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace weft::repl {

namespace {

namespace fs = std::filesystem;

std::string place() {
  const auto folder = [](const char* variable) -> fs::path {
    const char* value = std::getenv(variable);
    return value && *value == '/' ? value : "";  // XDG: a path that isn't absolute counts for nothing
  };
  fs::path state = folder("XDG_STATE_HOME");
  if (state.empty()) {
    const fs::path home = folder("HOME");
    if (home.empty()) return "";
    state = home / ".local" / "state";
  }
  return (state / "weft" / "history").string();
}

std::string escaped(const std::string& entry) {
  std::string out;
  for (const char c : entry) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c != '\r') {
      out += c;
    }
  }
  return out + "\n";
}

std::string unescaped(const std::string& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out += line[i];
      continue;
    }
    ++i;
    out += line[i] == 'n' ? '\n' : line[i];
  }
  return out;
}

/// All of `text` or nothing that counts: one write, so that two sessions don't mix their lines.
void write(const std::string& path, const std::string& text, int flags) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (file < 0) return;
  [[maybe_unused]] const auto written = ::write(file, text.data(), text.size());
  ::close(file);
}

}  // namespace

HistoryFile::HistoryFile() : path_(place()) {
  if (path_.empty()) return;
  std::error_code error;
  fs::create_directories(fs::path(path_).parent_path(), error);
  std::ifstream in(path_);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.size() <= kLongestEntry) entries_.push_back(unescaped(line));
  }
  if (entries_.size() > kEntries) shorten();
}

void HistoryFile::shorten() {
  entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(kEntries));
  std::string all;
  for (const std::string& entry : entries_) all += escaped(entry);
  const std::string fresh = path_ + "." + std::to_string(::getpid());
  write(fresh, all, O_TRUNC);
  std::error_code error;
  fs::rename(fresh, path_, error);
}

void HistoryFile::add(const std::string& entry) {
  if (!path_.empty() && entry.size() < kLongestEntry / 2) write(path_, escaped(entry), O_APPEND);
}

}  // namespace weft::repl
