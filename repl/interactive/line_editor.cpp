#include "repl/interactive/line_editor.h"

#include <histedit.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <thread>

#include "lang/text_width.h"
#include "lang/utf8.h"
#include "repl/interactive/transcript.h"
#include "repl/interrupt.h"

namespace weft::repl {

namespace {

// A terminal that knows bracketed paste puts these around what is pasted.
constexpr const char* kPasteOn = "\033[?2004h";
constexpr const char* kPasteOff = "\033[?2004l";
constexpr std::wstring_view kPasteEnd = L"\033[201~";
constexpr std::size_t kLongestPaste = std::size_t{4} << 20;

/// Names may be written in any script, so the terminal is read as UTF-8 also where the locale says nothing.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

std::string utf8(wchar_t wide) {
  const auto c = static_cast<char32_t>(wide);
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

std::size_t columns_of(const std::string& s) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < s.size();) {
    const Utf8Character c = decode_utf8(s, i);
    columns += static_cast<std::size_t>(text_width(c.value));
    i += c.length;
  }
  return columns;
}

/// libedit sends a signal it caught on to the whole process, where a worker thread may be the one that
/// handles it, somewhat later than the reading here is cut short.
void await_interrupt() {
  using namespace std::chrono_literals;
  for (int i = 0; i < 200 && !Interrupt::requested(); ++i) std::this_thread::sleep_for(1ms);
}

}  // namespace

struct LineEditor::Editline {
  EditLine* line = nullptr;
  History* history = nullptr;
  bool brackets_pastes = false;
  ~Editline() {
    if (line) el_end(line);
    if (history) history_end(history);
  }
};

LineEditor::LineEditor(std::function<Completion(const std::string&)> complete)
    : complete_(std::move(complete)), edit_(std::make_unique<Editline>()) {
  use_utf8();
  EditLine* e = edit_->line = el_init("weft", stdin, stdout, stderr);
  el_set(e, EL_CLIENTDATA, this);
  el_set(e, EL_SIGNAL, 1);
  el_set(e, EL_EDITOR, "emacs");
  el_set(
      e, EL_PROMPT, +[](EditLine* line) -> char* {
        LineEditor* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        return self->prompt_.data();
      });
  el_set(
      e, EL_ADDFN, "weft-complete", "complete the word at the cursor",
      +[](EditLine* line, int) -> unsigned char {
        LineEditor* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        return self->complete_word();
      });
  el_set(
      e, EL_ADDFN, "weft-paste", "insert what the terminal pastes",
      +[](EditLine* line, int) -> unsigned char {
        LineEditor* self = nullptr;
        el_get(line, EL_CLIENTDATA, &self);
        return self->paste();
      });
  const auto bind = [e](const char* key, const char* function) {
    el_set(e, EL_BIND, key, function, nullptr);
  };
  bind("^I", "weft-complete");
  bind("^R", "em-inc-search-prev");
  bind("\\e[3~", "ed-delete-next-char");
  bind("\\e[1;5C", "em-next-word");
  bind("\\e[1;5D", "ed-prev-word");
  bind("\\e[200~", "weft-paste");
  el_source(e, nullptr);  // what the user binds in ~/.editrc counts more

  History* h = edit_->history = history_init();
  HistEvent event;
  history(h, &event, H_SETSIZE, static_cast<int>(HistoryFile::kEntries));
  history(h, &event, H_SETUNIQUE, 1);
  for (const std::string& entry : file_.entries()) history(h, &event, H_ENTER, entry.c_str());
  el_set(e, EL_HIST, history, h);

  const char* terminal = std::getenv("TERM");
  edit_->brackets_pastes = terminal && std::strcmp(terminal, "dumb") != 0;
}

LineEditor::~LineEditor() = default;

LineEditor::Event LineEditor::next(const std::string& prompt, std::string& line) {
  prompt_ = prompt;
  if (!pasted_.empty()) {  // as if it had been typed
    line = std::move(pasted_.front());
    pasted_.pop_front();
    std::printf("%s%s\n", prompt.c_str(), line.c_str());
    std::fflush(stdout);
    return Event::line;
  }
  if (!unfinished_.empty()) {
    el_push(edit_->line, unfinished_.c_str());
    unfinished_.clear();
  }
  if (edit_->brackets_pastes) std::fputs(kPasteOn, stdout);
  std::fflush(stdout);
  int length = 0;
  errno = 0;
  const char* text = el_gets(edit_->line, &length);
  const bool interrupted = !text && errno == EINTR;
  if (edit_->brackets_pastes) std::fputs(kPasteOff, stdout);
  if (!text || length <= 0) {
    std::putchar('\n');
    std::fflush(stdout);
    if (interrupted) await_interrupt();
    return interrupted || Interrupt::requested() ? Event::interrupt : Event::end;
  }
  std::fflush(stdout);
  line.assign(text, static_cast<std::size_t>(length));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return Event::line;
}

bool LineEditor::more_waits() const {
  int bytes = 0;
  return !pasted_.empty() || !unfinished_.empty() ||
         (ioctl(STDIN_FILENO, FIONREAD, &bytes) == 0 && bytes > 0);
}

void LineEditor::forget_pasted() {
  pasted_.clear();
  unfinished_.clear();
}

void LineEditor::remember(const std::string& statement) {
  const auto end = statement.find_last_not_of(" \t\r\n");
  if (end == statement.npos) return;
  std::string entry = statement.substr(0, end + 1);
  if (entry == last_) return;
  HistEvent event;
  history(edit_->history, &event, H_ENTER, entry.c_str());
  file_.add(entry);
  last_ = std::move(entry);
}

/// A pasted piece without a line end goes into the line; of more, each line is read as one that was typed.
unsigned char LineEditor::paste() {
  std::wstring got;
  wchar_t c = 0;
  while (got.size() < kLongestPaste && el_wgetc(edit_->line, &c) == 1) {
    got += c;
    if (got.size() >= kPasteEnd.size() &&
        got.compare(got.size() - kPasteEnd.size(), got.npos, kPasteEnd) == 0) {
      got.resize(got.size() - kPasteEnd.size());
      break;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (got[i] == L'\n' && i > 0 && got[i - 1] == L'\r') continue;
    if (got[i] == L'\t') {
      text += "  ";
    } else {
      text += got[i] == L'\r' ? "\n" : utf8(got[i]);
    }
  }
  // Of a copied session only what was said.
  const bool ended = !text.empty() && text.back() == '\n';
  Transcript transcript;
  std::istringstream all(text);
  bool took_last = false;
  for (std::string line; std::getline(all, line);) {
    took_last = transcript.take(line);
    if (took_last) pasted_.push_back(line);
  }
  if (pasted_.empty()) return CC_REFRESH;
  const std::string first = std::move(pasted_.front());
  pasted_.pop_front();
  if (!first.empty()) el_insertstr(edit_->line, first.c_str());
  if (pasted_.empty() && !ended) return CC_REFRESH;
  if (!ended && took_last) {
    unfinished_ = std::move(pasted_.back());
    pasted_.pop_back();
  }
  el_push(edit_->line, "\n");
  return CC_REFRESH;
}

unsigned char LineEditor::complete_word() {
  const LineInfo* info = el_line(edit_->line);
  const std::string before(info->buffer, info->cursor);
  if (before.find_first_not_of(" \t") == before.npos) {
    el_insertstr(edit_->line, "  ");  // there is no word: an indentation is meant
    return CC_REFRESH;
  }
  const Completion c = complete_(before);
  if (c.values.empty()) return CC_REFRESH_BEEP;
  const std::string word = before.substr(c.begin), common = common_beginning(c.values);
  if (common.size() > word.size()) {
    el_insertstr(edit_->line, common.c_str() + word.size());
    return CC_REFRESH;
  }
  if (c.values.size() == 1) return CC_REFRESH;
  list(c.values);
  return CC_REDISPLAY;
}

void LineEditor::list(const std::vector<std::string>& values) const {
  winsize size = {};
  const std::size_t width =
      ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  std::size_t widest = 0;
  for (const std::string& v : values) widest = std::max(widest, columns_of(v));
  const std::size_t columns = std::max<std::size_t>(width / (widest + 2), 1);
  const std::size_t rows = (values.size() + columns - 1) / columns;
  std::string text = "\n";
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = r; i < values.size(); i += rows) {
      text += values[i];
      if (i + rows < values.size()) text += std::string(widest + 2 - columns_of(values[i]), ' ');
    }
    text += "\n";
  }
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace weft::repl
