#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

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

/// The text of a script file; tells and gives nothing where it can't be read.
std::optional<std::string> read_script(const std::string& path);

/// Checks a script and, unless `check_only`, runs it; with --help prints its options instead. Gives the exit
/// code.
int run_script(const CLI::App& command, const CommonOptions&, Script script, const ScriptArguments&,
               bool check_only = false);

/// The first sentence of the comment a script begins with; empty where there is none.
std::string summary_of(std::string_view text);

}  // namespace weft::repl
