#pragma once

#include <string>
#include <vector>

#include "nlp/embedding/formats/embedding_file.h"
#include "repl/commands/command.h"

/// What the commands on word vectors share.
namespace weft::repl {

/// How a file of vectors is named and read.
struct EmbeddingInput {
  std::string path, format;
  bool skip_faults = false;
};

/// The argument FILE (by another name where one is given), --from and --skip-faults.
void add_embedding_input(CLI::App& command, EmbeddingInput& input, const char* name = "FILE");
/// Reads it; what was passed over is told on stderr.
nlp::EmbeddingModel read_input(const EmbeddingInput& input);

/// "word2vec-text", ..: the names of formats, for options and help.
std::vector<std::string> embedding_format_names();

/// Tells on stderr that words have no vector, and what they may have been meant for.
void tell_missing_word(const nlp::EmbeddingModel& model, const std::string& path, const std::string& word);

/// The words of a command line, or, where it has none, the lines of standard input. `take` gives whether to
/// go on. Throws DataError for a line that isn't UTF-8.
void for_each_query(const std::vector<std::string>& words,
                    const std::function<bool(const std::string&)>& take);

/// The columns a text takes at a terminal.
std::string padded(const std::string& text, std::size_t columns);
std::size_t columns_of(const std::string& text);

}  // namespace weft::repl
