#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "nlp/embedding/search.h"
#include "repl/commands/embedding_input.h"
#include "repl/commands/vectors.h"
#include "repl/exit_code.h"
#include "repl/interrupt.h"
#include "repl/usage.h"

/// `weft vectors nearest` and `weft vectors analogy`.
namespace weft::repl {

namespace {

constexpr std::size_t kAtOnce = 1024;  // queries of one search

struct Nearest {
  EmbeddingInput in;
  std::vector<std::string> words;
  std::int32_t top = 10;
  bool json = false;
};

/// Queries that are searched for together.
struct Queries {
  std::vector<std::string> names;
  std::vector<std::vector<float>> vectors;
  std::vector<std::vector<std::int32_t>> excluded;

  void clear() {
    names.clear();
    vectors.clear();
    excluded.clear();
  }
};

void print_table(const nlp::EmbeddingModel& model, const std::string& name,
                 const std::vector<nlp::Neighbour>& found) {
  std::size_t widest = 0;
  for (const nlp::Neighbour& n : found)
    widest = std::max(widest, columns_of(std::string(model.dictionary.text(n.word))));
  std::printf("%s\n", name.c_str());
  for (const nlp::Neighbour& n : found) {
    std::printf("  %s  %7.4f\n", padded(std::string(model.dictionary.text(n.word)), widest).c_str(),
                static_cast<double>(n.score));
  }
}

/// The number that prints as few digits as bring the same float back.
double shortest(float x) {
  char digits[32];
  const char* const end = std::to_chars(digits, digits + sizeof digits, x).ptr;
  double value = 0;
  std::from_chars(digits, end, value);
  return value;
}

void print_json(const nlp::EmbeddingModel& model, const std::string& name,
                const std::vector<nlp::Neighbour>& found) {
  nlohmann::ordered_json out{{"query", name}, {"nearest", nlohmann::json::array()}};
  for (const nlp::Neighbour& n : found) {
    out["nearest"].push_back(nlohmann::ordered_json{{"word", std::string(model.dictionary.text(n.word))},
                                                    {"cosine", shortest(n.score)}});
  }
  std::printf("%s\n", out.dump().c_str());
}

void answer(const nlp::EmbeddingModel& model, const nlp::VectorSearch& search, const Nearest& options,
            Queries& queries) {
  nlp::Matrix rows(static_cast<std::int64_t>(queries.vectors.size()), model.dimension());
  for (std::size_t i = 0; i < queries.vectors.size(); ++i)
    std::copy(queries.vectors[i].begin(), queries.vectors[i].end(), rows.row(static_cast<std::int64_t>(i)));
  const auto found = search.nearest(rows, options.top, queries.excluded);
  for (std::size_t i = 0; i < found.size(); ++i)
    (options.json ? print_json : print_table)(model, queries.names[i], found[i]);
  std::fflush(stdout);
  queries.clear();
}

int nearest(const CommonOptions& common, const Nearest& options) {
  const nlp::EmbeddingModel model = read_input(options.in);
  const Workers workers(common.threads);
  const nlp::VectorSearch search(model, workers);
  Queries queries;
  int code = ExitCode::ok;
  // At a terminal each line is answered at once.
  const std::size_t at_once = options.words.empty() && ::isatty(STDIN_FILENO) ? 1 : kAtOnce;
  for_each_query(options.words, [&](const std::string& word) {
    std::vector<float> vector(static_cast<std::size_t>(model.dimension()));
    if (!model.vector(word, vector)) {
      tell_missing_word(model, options.in.path, word);
      code = ExitCode::bad_data;
      return true;
    }
    const std::int32_t known = model.dictionary.find(word);
    queries.names.push_back(word);
    queries.vectors.push_back(std::move(vector));
    queries.excluded.push_back(known >= 0 ? std::vector{known} : std::vector<std::int32_t>{});
    if (queries.names.size() == at_once) answer(model, search, options, queries);
    return true;
  });
  if (!queries.names.empty()) answer(model, search, options, queries);
  return Interrupt::requested() ? ExitCode::interrupted : code;
}

int analogy(const CommonOptions& common, const Nearest& options) {
  const nlp::EmbeddingModel model = read_input(options.in);
  Queries queries;
  std::vector<float> target(static_cast<std::size_t>(model.dimension())), vector(target.size());
  constexpr float kSigns[] = {-1, 1, 1};
  bool all = true;
  queries.excluded.emplace_back();
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string& word = options.words[i];
    if (!model.vector(word, vector)) {
      tell_missing_word(model, options.in.path, word);
      all = false;
      continue;
    }
    nlp::scale_to_unit(vector);
    for (std::size_t d = 0; d < target.size(); ++d) target[d] += kSigns[i] * vector[d];
    if (const std::int32_t known = model.dictionary.find(word); known >= 0)
      queries.excluded[0].push_back(known);
  }
  if (!all) return ExitCode::bad_data;
  queries.names.push_back(options.words[0] + " : " + options.words[1] + " :: " + options.words[2] + " : ?");
  queries.vectors.push_back(std::move(target));
  const Workers workers(common.threads);
  answer(model, nlp::VectorSearch(model, workers), options, queries);
  return ExitCode::ok;
}

void add_output_options(CLI::App& c, Nearest& options) {
  c.add_option("--top", options.top, "How many words to print for each")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c.add_flag("--json", options.json, "Print JSON, an object a line");
}

}  // namespace

void add_vectors_nearest(CommandLine& line, CLI::App& group) {
  CLI::App* c = group.add_subcommand("nearest", "The words nearest to words, by cosine");
  c->set_help_flag("-h,--help", "Print this help");
  auto options = std::make_shared<Nearest>();
  add_embedding_input(*c, options->in);
  c->add_option("WORD", options->words, "Words to look up; without any, the lines of standard input");
  add_output_options(*c, *options);
  add_common_options(*c, line.common);
  c->footer(
      "Words out of the vocabulary have a vector where the model has n-grams.\n\n"
      "Example: weft vectors nearest english.bin king queen --top 5");
  c->callback([options, &line] {
    line.run = [&common = line.common, options] { return nearest(common, *options); };
  });
}

void add_vectors_analogy(CommandLine& line, CLI::App& group) {
  CLI::App* c = group.add_subcommand("analogy", "A is to B as C is to what? The words nearest to B - A + C");
  c->set_help_flag("-h,--help", "Print this help");
  auto options = std::make_shared<Nearest>();
  add_embedding_input(*c, options->in);
  c->add_option("WORDS", options->words, "A, B and C")->required()->expected(3);
  add_output_options(*c, *options);
  add_common_options(*c, line.common);
  c->footer(
      "Vectors are scaled to length 1 first; A, B and C are never the answer.\n\n"
      "Example: weft vectors analogy english.bin man king woman");
  c->callback([options, &line] {
    line.run = [&common = line.common, options] { return analogy(common, *options); };
  });
}

}  // namespace weft::repl
