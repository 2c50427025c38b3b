#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "repl/commands/embedding_input.h"
#include "repl/commands/vectors.h"
#include "repl/exit_code.h"

/// `weft vectors print`: the vectors of words.
namespace weft::repl {

namespace {

struct Print {
  EmbeddingInput in;
  std::vector<std::string> words;
  bool json = false;
};

int print(const Print& options) {
  const nlp::EmbeddingModel model = read_input(options.in);
  std::vector<float> vector(static_cast<std::size_t>(model.dimension()));
  int code = ExitCode::ok;
  for_each_query(options.words, [&](const std::string& word) {
    if (!model.vector(word, vector)) {
      tell_missing_word(model, options.in.path, word);
      code = ExitCode::bad_data;
      return true;
    }
    std::string text = options.json ? "{\"word\":" + nlohmann::json(word).dump() + ",\"vector\":[" : word;
    for (std::size_t d = 0; d < vector.size(); ++d) {
      char digits[32];
      if (!options.json || d > 0) text += options.json ? ',' : ' ';
      text.append(digits, std::to_chars(digits, digits + sizeof digits, vector[d]).ptr);
    }
    std::printf("%s%s\n", text.c_str(), options.json ? "]}" : "");
    return true;
  });
  return code;
}

}  // namespace

void add_vectors_print(CommandLine& line, CLI::App& group) {
  CLI::App* c = group.add_subcommand("print", "The vectors of words");
  c->set_help_flag("-h,--help", "Print this help");
  auto options = std::make_shared<Print>();
  add_embedding_input(*c, options->in);
  c->add_option("WORD", options->words, "Words to look up; without any, the lines of standard input");
  c->add_flag("--json", options->json, "Print JSON, an object a line");
  c->footer(
      "Words out of the vocabulary have a vector where the model has n-grams.\n\n"
      "Example: weft vectors print english.bin king");
  c->callback([options, &line] { line.run = [options] { return print(*options); }; });
}

}  // namespace weft::repl
