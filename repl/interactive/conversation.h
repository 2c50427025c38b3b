#pragma once

#include <functional>
#include <string>

#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"

namespace weft::repl {

/// What a session is told, line by line: statements, expressions, commands after `:` and questions after `?`.
/// Whatever goes wrong in one of them is told, and the session goes on as it was before it.
class Conversation {
 public:
  explicit Conversation(const CommonOptions& common);

  /// Takes one more line; runs what is complete.
  void take(const std::string& line);
  /// Nothing follows: what is incomplete is a fault.
  void end();
  bool between_statements() const { return pending_.empty(); }
  void forget_pending();
  /// The lines so far of a statement that isn't complete.
  const std::string& pending() const { return pending_; }
  bool quit() const { return quit_; }
  int first_fault() const { return first_fault_; }
  Console& console() { return console_; }
  Session& session() { return session_; }
  /// Called with each statement and command, to be recalled.
  std::function<void(const std::string&)> on_said = [](const std::string&) {};

 private:
  /// What is to be done with the pending source.
  enum class Purpose { run, time, type };

  void evaluate(bool last);
  int run(const std::string& name, const std::string& source);
  int run_timed(const std::string& source);
  int tell_type(const std::string& expression);
  int command(const std::string& line);
  int ask(const std::string& name);
  int undo();
  int load(const std::string& path);
  int save(const std::string& path);
  int complain(const std::string& what);

  Console console_;
  Machine::Options machine_options_;
  Session session_;
  std::string pending_;
  std::string comments_;  // above a statement that is yet to come
  std::string said_;      // as it is to be recalled
  Purpose purpose_ = Purpose::run;
  int open_brackets_ = 0;
  int first_fault_ = ExitCode::ok;
  bool quit_ = false;
};

}  // namespace weft::repl
