#pragma once

#include <string>
#include <vector>

#include "repl/commands/command.h"

/// The recipes of `weft train` that are no scripts: word vectors have a training loop of their own.
namespace weft::repl {

/// `words` are the recipe's own options as the shell gave them. Each gives the exit code.
int train_word2vec(const CLI::App& command, const CommonOptions& common,
                   const std::vector<std::string>& words);
/// With --supervised it is train_supervised.
int train_fasttext(const CLI::App& command, const CommonOptions& common,
                   const std::vector<std::string>& words);
/// `words` without --supervised.
int train_supervised(const CLI::App& command, const CommonOptions& common,
                     const std::vector<std::string>& words);

}  // namespace weft::repl
