#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "lang/session.h"

/// Each command is a file of its own. It adds itself to the parser; its callback stores what is to be run.
namespace weft::repl {

/// What every command takes.
struct CommonOptions {
  int threads = 0;
  std::uint64_t seed = 1;
  std::string device = "cpu";

  Machine::Options machine() const { return {threads, seed, DType::f32, nullptr, nullptr}; }
};

struct CommandLine {
  CLI::App& app;
  CommonOptions& common;
  std::function<int()>& run;
};

void add_run(CommandLine&);
void add_check(CommandLine&);
void add_train(CommandLine&);
void add_predict(CommandLine&);
void add_test(CommandLine&);
void add_generate(CommandLine&);
void add_fmt(CommandLine&);
void add_show(CommandLine&);
void add_lsp(CommandLine&);
void add_explain(CommandLine&);
void add_repl(CommandLine&);
void add_tokenize(CommandLine&);
void add_vocab(CommandLine&);
void add_convert(CommandLine&);
void add_vectors(CommandLine&);

void add_common_options(CLI::App&, CommonOptions&);
/// A command without options of its own yet; add_common_options comes after those, so that help lists them
/// first.
CLI::App* add_command(CommandLine&, const char* name, const char* description);

/// A command that runs scripts: its --help is the script's, and so are the options it doesn't know. Has the
/// common ones.
CLI::App* add_script_command(CommandLine&, const char* name, const char* description);

}  // namespace weft::repl
