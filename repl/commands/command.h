#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "lang/session.h"
#include "repl/console.h"
#include "repl/exit_code.h"

namespace weft::repl {

/// What every command takes.
struct CommonOptions {
  int threads = 0;
  std::uint64_t seed = 1;
  std::string device = "cpu";

  Machine::Options machine() const { return {threads, seed, DType::f32}; }
};

void add_common_options(CLI::App&, CommonOptions&);

/// A command adds itself to the parser; its callback stores what is to be run.
struct CommandLine {
  CLI::App& app;
  CommonOptions& common;
  std::function<int()>& run;
};

void add_run(CommandLine&);
void add_check(CommandLine&);
void add_train(CommandLine&);
void add_predict(CommandLine&);
void add_generate(CommandLine&);
void add_repl(CommandLine&);

/// The options of a script as the shell gave them: `--name value` or `--name=value`. Throws CLI::ParseError.
struct ScriptArguments {
  std::map<std::string, std::string> values;
  bool help = false;
};
ScriptArguments parse_script_arguments(const std::vector<std::string>& words);

/// Reads and runs a script; what `run` and `train` share. `title` is how help calls it.
int run_script(const CommonOptions&, const std::string& name, std::string text, const ScriptArguments&,
               const std::string& title);

/// The text of a script file; reports and gives nothing where it can't be read.
std::optional<std::string> read_script(const std::string& path);

}  // namespace weft::repl
