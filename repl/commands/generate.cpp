#include <limits>

#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "repl/interrupt.h"
#include "repl/usage.h"

/// `weft generate`: text out of a model file.
namespace weft::repl {

namespace {

struct Arguments {
  std::string path, prompt;
  std::int64_t tokens = 60;
  double temperature = 0.8;
};

int generate(const CommonOptions& common, const Arguments& a) {
  Console console;
  Session session({common.machine(), {}, false}, console);
  session.load(a.path);
  console.show(session.machine().generate(session.generation(a.prompt, a.tokens, a.temperature)));
  return Interrupt::requested() ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace

void add_generate(CommandLine& line) {
  CLI::App* c = add_command(line, "generate", "Go on from a prompt with a language model");
  auto a = std::make_shared<Arguments>();
  c->add_option("MODEL", a->path, "A model file that `save` wrote; nothing else is needed")->required();
  c->add_option("PROMPT", a->prompt, "The text to go on from; left out: a new paragraph");
  c->add_option("--tokens", a->tokens, "How many tokens to write")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(0, std::numeric_limits<std::int32_t>::max()));
  c->add_option("--temperature", a->temperature,
                "0: always the likeliest; 1: as the model scores; more: wilder")
      ->type_name("X")
      ->capture_default_str()
      ->check(number_at_least(0));
  add_common_options(*c, line.common);
  c->footer("Example: weft generate lm.safetensors \"In the beginning\" --tokens 40 --seed 7");
  c->callback([a, &line] { line.run = [&common = line.common, a] { return generate(common, *a); }; });
}

}  // namespace weft::repl
