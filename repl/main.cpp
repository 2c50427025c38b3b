#include <cstdio>
#include <exception>

#include "repl/commands/command.h"
#include "repl/interrupt.h"
#include "tensor/safetensors.h"

namespace {

using namespace weft;
using namespace weft::repl;

int tell(const std::string& message, ExitCode code) {
  std::fprintf(stderr, "weft: %s\n", message.c_str());
  return code;
}

int run(const std::function<int()>& command) {
  try {
    return command();
  } catch (const corpora::DataError& e) {
    return tell(e.what(), ExitCode::bad_data);
  } catch (const ModelFileError& e) {
    return tell(e.what(), ExitCode::bad_model);
  } catch (const std::logic_error& e) {
    return tell(std::string("this is a fault of weft itself: ") + e.what(), ExitCode::failed);
  } catch (const std::exception& e) {
    return tell(e.what(), ExitCode::failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Weft: a modelling language for text", "weft");
  app.set_version_flag("--version", "weft " WEFT_VERSION);
  app.require_subcommand(1);
  CommonOptions common;
  std::function<int()> command;
  add_common_options(app, common);
  CommandLine line{app, common, command};
  for (const auto add : {add_run, add_check, add_train, add_predict, add_generate, add_repl}) add(line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);   // --help, --version
    std::fprintf(stderr, "weft: %s\n", e.what());
    std::fprintf(stderr, "Run weft --help for what it takes.\n");
    return ExitCode::usage;
  }
  if (common.device == "cuda") std::fprintf(stderr, "weft: this build has no CUDA kernels; going on with the CPU\n");
  Interrupt::install();
  return run(command);
}
