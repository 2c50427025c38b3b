#include <csignal>
#include <cstdio>
#include <iostream>

#include "repl/commands/command.h"
#include "repl/exit_code.h"
#include "repl/faults.h"
#include "repl/help.h"
#include "repl/interrupt.h"
#include "repl/usage.h"

namespace {

using namespace weft;
using namespace weft::repl;

/// Parses the command line and runs the command it asks for.
int run(CLI::App& app, int argc, char** argv) {
  CommonOptions common;
  std::function<int()> command;
  add_common_options(app, common);
  CommandLine line{app, common, command};
  for (const auto add :
       {add_run, add_check, add_train, add_predict, add_test, add_generate, add_fmt, add_show, add_lsp,
        add_explain, add_repl, add_tokenize, add_vocab, add_convert, add_vectors})
    add(line);
  // Last, as commands would inherit it.
  app.footer(
      "--threads, --seed and --device stand before or after any command.\n\n"
      "Exit status: 0 all went well; 1 it failed; 2 wrong usage or a faulty script;\n"
      "3 unusable data; 4 an unusable model file; 130 interrupted.");
  try {
    app.parse(argc, argv);
    if (!command) throw CLI::RequiredError("a command");
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    return tell_usage_error(app, e);
  }
  if (common.device == "cuda")
    std::fprintf(stderr, "weft: this build has no CUDA kernels; going on with the CPU\n");
  Interrupt::install();
  // A file that grows beyond its limit is a failed write, which is told like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  return guarded(command);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Weft " WEFT_VERSION ": a modelling language for text with named axes", "weft");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Print this help; COMMAND --help tells of a command");
  app.set_version_flag("--version", "weft " WEFT_VERSION, "Print the version");
  const int code = run(app, argc, argv);
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::cout) return code;
  std::fprintf(stderr, "weft: can't write to standard output\n");
  return code == ExitCode::ok ? ExitCode::failed : code;
}
