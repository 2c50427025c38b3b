#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lang/service/library.h"
#include "repl/commands/command.h"

namespace weft::repl {

/// The options of a script as the shell gave them: `--name value` or `--name=value`.
struct ScriptArguments {
  std::map<std::string, std::string> values;
  bool help = false;
};
/// Throws CLI::ParseError.
ScriptArguments parse_script_arguments(const std::vector<std::string>& words);

/// A script and how it was asked for.
struct Script {
  std::string name;  // as diagnostics call it
  std::string text;
  std::string command;  // as help calls it: "weft run lm.weft"
};

/// What `run` and `check` do beyond running.
struct ScriptMode {
  bool check_only = false;
  bool json = false;     // diagnostics as JSON, one a line: of `check` on stdout, else on stderr
  bool strict = false;   // warnings fail
  std::string log;       // a file for what each step of a training came to; empty: none
  bool profile = false;  // tells at the end where the time went
  std::string trace;     // a file for the kernel calls of the last steps; empty: none
};

/// The options of `run` and `train`, which say what is told of a run beside its results.
void add_run_options(CLI::App& command, ScriptMode& mode);

/// The text of a script file; tells and gives nothing where it can't be read.
std::optional<std::string> read_script(const std::string& path);

/// Checks a script and, unless `mode.check_only`, runs it; with --help prints its options instead. Gives the
/// exit code.
int run_script(const CLI::App& command, const CommonOptions&, Script script, const ScriptArguments&,
               const ScriptMode& mode = {});

/// False after a message: an option was given that the script doesn't have.
bool options_exist(const Session&, const Script&, const ScriptArguments&);

using service::summary_of;

}  // namespace weft::repl
