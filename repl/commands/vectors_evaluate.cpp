#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "nlp/embedding/evaluate.h"
#include "nlp/embedding/formats/bytes_in.h"
#include "repl/commands/embedding_input.h"
#include "repl/commands/vectors.h"
#include "repl/exit_code.h"
#include "repl/usage.h"

/// `weft vectors evaluate`: how vectors fare with human judgements and analogies.
namespace weft::repl {

namespace {

using Json = nlohmann::ordered_json;

struct Evaluate {
  EmbeddingInput in;
  std::vector<std::string> questions;
  nlp::EvaluationOptions options;
  bool case_matters = false, json = false;
};

struct Sum {
  std::int64_t right = 0, asked = 0, missing = 0;
  void add(const nlp::AnalogyScores& s) {
    right += s.right;
    asked += s.asked;
    missing += s.missing;
  }
};

Json number_or_null(double x) {
  return std::isnan(x) ? Json() : Json(x);
}

Json as_json(const Sum& s) {
  return {
      {"right", s.right},
      {"asked", s.asked},
      {"missing", s.missing},
      {"accuracy", s.asked > 0 ? Json(static_cast<double>(s.right) / static_cast<double>(s.asked)) : Json()}};
}

std::string percent(std::int64_t part, std::int64_t whole) {
  char text[32];
  if (whole == 0) return "     -";
  std::snprintf(text, sizeof text, "%6.2f", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

void print_pairs(const std::string& path, const nlp::PairScores& s, bool json) {
  const std::int64_t covered = s.pairs - s.missing;
  if (json) {
    const Json out{{"file", path},
                   {"kind", "pairs"},
                   {"spearman", number_or_null(s.spearman)},
                   {"pearson", number_or_null(s.pearson)},
                   {"pairs", s.pairs},
                   {"covered", covered},
                   {"skipped_lines", s.skipped}};
    std::printf("%s\n", out.dump().c_str());
    return;
  }
  std::printf("%s\n", path.c_str());
  std::printf("  Spearman %7.4f   Pearson %7.4f   %lld of %lld pairs (%s %%)\n", s.spearman, s.pearson,
              static_cast<long long>(covered), static_cast<long long>(s.pairs),
              percent(covered, s.pairs).c_str());
}

void print_analogies(const std::string& path, const std::vector<nlp::AnalogyScores>& sections, bool json) {
  Sum semantic, syntactic, total;
  for (const nlp::AnalogyScores& s : sections) {
    (s.syntactic ? syntactic : semantic).add(s);
    total.add(s);
  }
  if (json) {
    Json all = Json::array();
    for (const nlp::AnalogyScores& s : sections) {
      Sum one;
      one.add(s);
      Json row{{"section", s.section}};
      row.update(as_json(one));
      all.push_back(std::move(row));
    }
    const Json out{{"file", path},
                   {"kind", "analogies"},
                   {"semantic", as_json(semantic)},
                   {"syntactic", as_json(syntactic)},
                   {"total", as_json(total)},
                   {"sections", std::move(all)}};
    std::printf("%s\n", out.dump().c_str());
    return;
  }
  std::size_t widest = 9;
  for (const nlp::AnalogyScores& s : sections) widest = std::max(widest, columns_of(s.section));
  const auto row = [&](const std::string& name, std::int64_t right, std::int64_t asked,
                       std::int64_t missing) {
    std::printf("  %s  %s %%  %6lld of %6lld right, %lld not asked\n", padded(name, widest).c_str(),
                percent(right, asked).c_str(), static_cast<long long>(right), static_cast<long long>(asked),
                static_cast<long long>(missing));
  };
  std::printf("%s\n", path.c_str());
  for (const nlp::AnalogyScores& s : sections) row(s.section, s.right, s.asked, s.missing);
  row("semantic", semantic.right, semantic.asked, semantic.missing);
  row("syntactic", syntactic.right, syntactic.asked, syntactic.missing);
  row("total", total.right, total.asked, total.missing);
}

int evaluate(const CommonOptions& common, const Evaluate& e) {
  nlp::EvaluationOptions options = e.options;
  options.fold_case = !e.case_matters;
  const nlp::EmbeddingModel model = read_input(e.in);
  const Workers workers(common.threads);
  std::optional<nlp::VectorSearch> search;  // where there are analogies
  for (const std::string& path : e.questions) {
    if (nlp::is_analogy_file(nlp::BytesIn(path).bytes())) {
      if (!search) search.emplace(model, workers, options.words);
      print_analogies(path, nlp::evaluate_analogies(model, *search, path, options), e.json);
    } else {
      print_pairs(path, nlp::evaluate_pairs(model, path, options), e.json);
    }
    std::fflush(stdout);
  }
  return ExitCode::ok;
}

}  // namespace

void add_vectors_evaluate(CommandLine& line, CLI::App& group) {
  CLI::App* c = group.add_subcommand("evaluate", "Compare with human judgements of pairs, and ask analogies");
  c->set_help_flag("-h,--help", "Print this help");
  auto e = std::make_shared<Evaluate>();
  add_embedding_input(*c, e->in);
  c->add_option("QUESTIONS", e->questions,
                "Files of pairs with scores (WordSim, SimLex), or of analogies (Google's questions-words)")
      ->required();
  c->add_option("--first", e->options.words, "Use the first N words of the vectors only")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c->add_flag("--case-matters", e->case_matters, "Don't take words that differ by case for the same");
  c->add_flag("--subwords", e->options.subwords,
              "Pairs: give words out of the vocabulary the vectors of their n-grams");
  c->add_flag("--json", e->json, "Print JSON, an object a line");
  add_common_options(*c, line.common);
  c->footer(
      "Analogies are answered by the word nearest to B - A + C (3CosAdd). Questions\n"
      "with words out of the vocabulary are counted and not asked.\n\n"
      "Example: weft vectors evaluate english.bin wordsim353.tsv questions-words.txt");
  c->callback([e, &line] { line.run = [&common = line.common, e] { return evaluate(common, *e); }; });
}

}  // namespace weft::repl
