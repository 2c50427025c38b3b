#include <algorithm>
#include <cctype>
#include <cstdio>

#include "lang/explain/explain.h"
#include "repl/commands/command.h"
#include "repl/commands/explain_script.h"
#include "repl/exit_code.h"
#include "repl/usage.h"

/// `weft explain CODE`: what a diagnostic means. `weft explain SCRIPT`: what it would take to run one.
namespace weft::repl {

namespace {

/// E0204, w501: a letter and digits; no script is called so.
bool looks_like_code(const std::string& word) {
  return word.size() >= 2 && std::string("eEwW").find(word[0]) != std::string::npos &&
         std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isdigit(c); });
}

int explain_code(const std::string& code) {
  if (const Explanation* e = find_explanation(code)) {
    std::fputs(long_form(*e).c_str(), stdout);
    return ExitCode::ok;
  }
  const std::string near = nearest_code(code);
  std::fprintf(stderr, "weft: there is no code %s%s\n", code.c_str(),
               near.empty() ? "" : (", did you mean " + near + "?").c_str());
  return ExitCode::usage;
}

}  // namespace

void add_explain(CommandLine& line) {
  CLI::App* c = add_script_command(
      line, "explain", "Tell what a code such as E0204 means, or what it would take to run a script");
  auto asked = std::make_shared<ExplainScript>();
  c->add_option("CODE|SCRIPT", asked->path, "The code of a message, or a Weft source file")->required();
  c->add_flag("--graph{text}", asked->graph, "Of a script: its graphs; --graph=dot for Graphviz")
      ->check(one_of({"text", "dot"}));
  c->add_option("--after", asked->after, "Of a script: the graphs of its steps after a pass")
      ->type_name("PASS");
  c->callback([c, asked, &line] {
    const ScriptArguments arguments = parse_script_arguments(c->remaining());
    line.run = [c, &common = line.common, asked, arguments]() -> int {
      if (arguments.help) {
        std::fputs(c->help().c_str(), stdout);
        return ExitCode::ok;
      }
      if (looks_like_code(asked->path)) return explain_code(asked->path);
      return explain_script(common, *asked, arguments);
    };
  });
}

}  // namespace weft::repl
