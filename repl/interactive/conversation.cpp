#include "repl/interactive/conversation.h"

#include <chrono>

#include "lang/syntax/parse.h"
#include "repl/faults.h"
#include "repl/input.h"
#include "repl/interactive/completion.h"

namespace weft::repl {

namespace {

using Clock = std::chrono::steady_clock;

std::string duration(Clock::duration d) {
  const double seconds = std::chrono::duration<double>(d).count();
  char text[32];
  if (seconds < 1) {
    std::snprintf(text, sizeof text, "%.3g ms", seconds * 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.4g s", seconds);
  }
  return text;
}

bool incomplete(const std::string& source) {
  Sources sources;
  return parse(sources, sources.add("<repl>", source)).incomplete;
}

bool has_error(const std::vector<Diagnostic>& all) {
  for (const Diagnostic& d : all) {
    if (d.severity == Severity::error) return true;
  }
  return false;
}

}  // namespace

Conversation::Conversation(const CommonOptions& common)
    : machine_options_(common.machine()), session_({machine_options_, {}, true}, console_) {}

void Conversation::forget_pending() {
  pending_.clear();
  comments_.clear();
  said_.clear();
  purpose_ = Purpose::run;
  open_brackets_ = 0;
}

void Conversation::take(const std::string& line) {
  if (between_statements()) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == line.npos || line[first] == '#') {  // a comment belongs to the statement below it
      if (first != line.npos || !comments_.empty()) comments_ += line + "\n";
      return;
    }
    if (line[first] == ':' || line[first] == '?') {
      const std::string text = line.substr(first, line.find_last_not_of(" \t\r") + 1 - first);
      const int code = guarded([&] { return command(text); });
      if (first_fault_ == ExitCode::ok) first_fault_ = code;
      if (between_statements()) on_said(text);
      return;
    }
  }
  pending_ += comments_ + line + "\n";
  comments_.clear();
  said_ += line + "\n";
  open_brackets_ += open_brackets(line);
  // While a bracket is open there is no use in reading it all again with every line.
  if (open_brackets_ <= 0) evaluate(false);
}

void Conversation::end() {
  if (!pending_.empty()) evaluate(true);
}

void Conversation::evaluate(bool last) {
  if (!last && incomplete(pending_)) return;
  const std::string source = pending_, said = said_;
  const Purpose purpose = purpose_;
  forget_pending();
  on_said(said);
  const int code = guarded([&]() -> int {
    if (purpose == Purpose::type) return tell_type(source);
    return purpose == Purpose::time ? run_timed(source) : run("<repl>", source);
  });
  if (first_fault_ == ExitCode::ok) first_fault_ = code;
}

int Conversation::run(const std::string& name, const std::string& source) {
  const auto diagnostics = session_.read(name, source);
  console_.diagnostics(diagnostics, session_.sources());
  return has_error(diagnostics) ? ExitCode::usage : exit_code(session_.run());
}

int Conversation::run_timed(const std::string& source) {
  const auto start = Clock::now();
  const auto diagnostics = session_.read("<repl>", source);
  console_.diagnostics(diagnostics, session_.sources());
  if (has_error(diagnostics)) return ExitCode::usage;
  const auto checked = Clock::now();
  const int code = exit_code(session_.run());
  console_.note("checked in " + duration(checked - start) + ", ran in " + duration(Clock::now() - checked));
  return code;
}

int Conversation::tell_type(const std::string& expression) {
  std::vector<Diagnostic> diagnostics;
  const std::string type = session_.type_of(expression, diagnostics);
  console_.diagnostics(diagnostics, session_.sources());
  if (!diagnostics.empty()) return ExitCode::usage;
  console_.show(type);
  return ExitCode::ok;
}

int Conversation::complain(const std::string& what) {
  console_.note("weft: " + what);
  return ExitCode::usage;
}

int Conversation::command(const std::string& line) {
  const auto blank = line.find_first_of(" \t");
  const std::string word = line.substr(0, blank);
  const auto begin = line.find_first_not_of(" \t", blank);
  const std::string rest = begin == line.npos ? "" : line.substr(begin);
  if (line[0] == '?') {
    const auto name = line.find_first_not_of(" \t?");
    return ask(name == line.npos ? "" : line.substr(name));
  }
  if (word == ":quit" || word == ":q") {
    quit_ = true;
    return ExitCode::ok;
  }
  if (word == ":help") return ask(rest);
  if (word == ":undo") return undo();
  if (word == ":type" || word == ":time") {
    if (rest.empty())
      return complain(word + (word == ":type" ? " takes an expression" : " takes a statement"));
    purpose_ = word == ":type" ? Purpose::type : Purpose::time;
    pending_ = rest + "\n";
    said_ = line + "\n";
    open_brackets_ = open_brackets(rest);
    if (open_brackets_ <= 0) evaluate(false);
    return ExitCode::ok;
  }
  if (word == ":load") return load(rest);
  if (word == ":save") return save(rest);
  const std::string near = nearest(word, command_names());
  return complain("there is no command " + word +
                  (near.empty() ? "; `?` lists them" : "; did you mean " + near + "?"));
}

}  // namespace weft::repl
