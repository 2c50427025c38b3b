#pragma once

#include "repl/commands/command.h"

/// The commands below `weft vectors`, each in a file of its own.
namespace weft::repl {

void add_vectors_nearest(CommandLine&, CLI::App& group);
void add_vectors_analogy(CommandLine&, CLI::App& group);
void add_vectors_evaluate(CommandLine&, CLI::App& group);
void add_vectors_print(CommandLine&, CLI::App& group);
void add_vectors_reduce(CommandLine&, CLI::App& group);

}  // namespace weft::repl
