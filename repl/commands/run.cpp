#include "repl/exit_code.h"
#include "repl/script.h"

/// `weft run` and `weft check`: a script file.
namespace weft::repl {

namespace {

void add_script(CommandLine& line, CLI::App* c, bool check_only) {
  auto mode = std::make_shared<ScriptMode>();
  mode->check_only = check_only;
  c->add_flag("--json", mode->json, "Diagnostics as JSON, one object a line");
  if (check_only) {
    c->add_flag("--strict", mode->strict, "Fail where there are warnings");
  } else {
    add_run_options(*c, *mode);
  }
  auto path = std::make_shared<std::string>();
  c->add_option("SCRIPT", *path, "A Weft source file; its own options follow as --name value")->required();
  c->callback([c, path, mode, &line] {
    const ScriptArguments arguments = parse_script_arguments(c->remaining());
    line.run = [c, &common = line.common, path, mode, arguments]() -> int {
      auto text = read_script(*path);
      if (!text) return ExitCode::usage;
      const std::string command = "weft " + c->get_name() + " " + *path;
      return run_script(*c, common, {*path, std::move(*text), command}, arguments, *mode);
    };
  });
}

}  // namespace

void add_run_options(CLI::App& command, ScriptMode& mode) {
  command.add_option("--log", mode.log, "Write each training step's loss and seconds to FILE, as JSON lines")
      ->type_name("FILE");
  command.add_flag("--profile", mode.profile, "Tell at the end what took the time, by op and source line");
  command
      .add_option("--trace", mode.trace,
                  "Write the kernel calls of the last steps to FILE, for Chrome or Perfetto")
      ->type_name("FILE");
}

void add_run(CommandLine& line) {
  CLI::App* c = add_script_command(line, "run", "Check a script and run it");
  c->footer("weft run SCRIPT --help lists the script's own options.");
  add_script(line, c, false);
}

void add_check(CommandLine& line) {
  add_script(line, add_script_command(line, "check", "Check a script; opens no data and runs nothing"), true);
}

}  // namespace weft::repl
