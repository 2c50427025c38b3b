#include "repl/commands/vectors.h"

/// `weft vectors`: what can be asked of word vectors.
namespace weft::repl {

void add_vectors(CommandLine& line) {
  CLI::App* c = add_command(line, "vectors", "Search, compare, evaluate, print and reduce word vectors");
  c->require_subcommand(0, 1);
  // A word to look up may be called as a command is.
  line.app.require_subcommand(0, 1);
  for (const auto add : {add_vectors_nearest, add_vectors_analogy, add_vectors_evaluate, add_vectors_print,
                         add_vectors_reduce})
    add(line, *c);
}

}  // namespace weft::repl
