#include "repl/commands/command.h"

#include <limits>

#include "repl/usage.h"

namespace weft::repl {

void add_common_options(CLI::App& app, CommonOptions& common) {
  app.add_option("--threads", common.threads, "Threads to use; 0: one for each core (default 0)")
      ->type_name("N")
      ->check(whole_number(0, 1024));
  app.add_option("--seed", common.seed, "Seed of all random numbers (default 1)")
      ->type_name("N")
      ->check(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  app.add_option("--device", common.device, "Where to compute: cpu or cuda (default cpu)")
      ->type_name("NAME")
      ->check(one_of({"cpu", "cuda"}));
}

CLI::App* add_command(CommandLine& line, const char* name, const char* description) {
  CLI::App* command = line.app.add_subcommand(name, description);
  command->set_help_flag("-h,--help", "Print this help");
  return command;
}

CLI::App* add_script_command(CommandLine& line, const char* name, const char* description) {
  CLI::App* command = add_command(line, name, description);
  command->set_help_flag();
  command->allow_extras();
  add_common_options(*command, line.common);
  return command;
}

}  // namespace weft::repl
