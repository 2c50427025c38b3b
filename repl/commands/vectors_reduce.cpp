#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "nlp/embedding/pca.h"
#include "repl/commands/embedding_input.h"
#include "repl/commands/vectors.h"
#include "repl/exit_code.h"
#include "repl/usage.h"

/// `weft vectors reduce`: fewer dimensions.
namespace weft::repl {

namespace {

struct Reduce {
  EmbeddingInput in;
  std::string out, to;
  std::int32_t dimension = 0;
  bool json = false;
};

int reduce(const CommonOptions& common, const Reduce& options) {
  nlp::EmbeddingModel model = nlp::words_only(read_input(options.in));
  if (options.dimension > model.dimension()) {
    std::fprintf(stderr,
                 "weft vectors reduce: %s has vectors of %d dimensions, which can't be reduced to %d\n",
                 options.in.path.c_str(), model.dimension(), options.dimension);
    return ExitCode::usage;
  }
  const Workers workers(common.threads);
  nlp::PrincipalComponents reduced = nlp::principal_components(model.input, options.dimension, workers);
  const std::int32_t from = model.dimension();
  model.input = std::move(reduced.projected);
  model.settings.dimension = options.dimension;
  nlp::write_embedding(model, options.out, options.to);
  if (options.json) {
    const nlohmann::ordered_json out{{"file", options.out},
                                     {"words", model.dictionary.words()},
                                     {"from", from},
                                     {"to", options.dimension},
                                     {"explained_variance", reduced.explained_share}};
    std::printf("%s\n", out.dump().c_str());
  } else {
    std::printf("%d words, from %d to %d dimensions, which hold %.1f %% of the variance\n",
                model.dictionary.words(), from, options.dimension, 100 * reduced.explained_share);
  }
  return ExitCode::ok;
}

}  // namespace

void add_vectors_reduce(CommandLine& line, CLI::App& group) {
  CLI::App* c = group.add_subcommand("reduce", "Fewer dimensions, by principal component analysis");
  c->set_help_flag("-h,--help", "Print this help");
  auto options = std::make_shared<Reduce>();
  add_embedding_input(*c, options->in);
  c->add_option("--dimension", options->dimension, "Dimensions to keep")
      ->type_name("N")
      ->required()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c->add_option("--output", options->out, "The file to write; its ending names the format")
      ->type_name("FILE")
      ->required();
  c->add_option("--to", options->to, "Its format, where the ending doesn't tell")
      ->type_name("FORMAT")
      ->check(one_of(embedding_format_names()));
  c->add_flag("--json", options->json, "Print JSON");
  add_common_options(*c, line.common);
  c->footer(
      "The mean is taken off first.\n\n"
      "Example: weft vectors reduce english.bin --dimension 50 --output small.vec");
  c->callback(
      [options, &line] { line.run = [&common = line.common, options] { return reduce(common, *options); }; });
}

}  // namespace weft::repl
