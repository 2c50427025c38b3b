#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "lang/run/print.h"
#include "nlp/text/tokenizer.h"
#include "repl/commands/command.h"
#include "repl/interrupt.h"
#include "tensor/safetensors.h"

/// `weft predict` and `weft generate`: a model file and nothing else.
namespace weft::repl {

namespace {

struct Scored {
  std::string label;
  double score;
};

/// The labelled axis of a prediction, its positions with their probabilities, likeliest first.
std::vector<Scored> rank(const Tensor& result, const Session::Reader& reader, const AxisTable& axes) {
  const Tensor::Size* classes = nullptr;
  for (const Tensor::Size& s : result.axes()) {
    if (axes[s.axis].labels) {
      classes = &s;
    } else if (s.extent != 1) {
      classes = nullptr;
      break;
    }
  }
  if (!classes || classes->extent != result.size()) {
    throw ModelFileError("the model gives no scores over one labelled axis for a text; predict needs a classifier");
  }
  std::vector<Scored> out;
  double top = -INFINITY, total = 0;
  for (std::int64_t i = 0; i < result.size(); ++i) top = std::max(top, result.at(i));
  for (std::int64_t i = 0; i < result.size(); ++i) {
    const double score = reader.probabilities ? result.at(i) : std::exp(result.at(i) - top);
    total += score;
    out.push_back({axes[classes->axis].labels->at(i), score});
  }
  if (!reader.probabilities) {
    for (Scored& s : out) s.score /= total;
  }
  std::stable_sort(out.begin(), out.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  return out;
}

int predict(const CommonOptions& common, const std::string& path, std::size_t top) {
  Console console;
  Session session({common.machine(), {}, false}, console);
  session.load(path);
  const Session::Reader reader = session.reader();
  std::string line;
  for (std::int64_t number = 1; std::getline(std::cin, line); ++number) {
    if (Interrupt::requested()) return ExitCode::interrupted;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (const auto offset = nlp::check_utf8(line); offset != std::string::npos) {
      throw corpora::DataError("<stdin>", number, "byte " + std::to_string(offset) + " of the line is not UTF-8",
                               "convert the text to UTF-8 first");
    }
    const auto ranked = rank(session.machine().predict(reader.model, line), reader, session.program().axes);
    std::string out;
    for (std::size_t i = 0; i < std::min(top, ranked.size()); ++i) {
      char score[32];
      std::snprintf(score, sizeof score, "%.4f", ranked[i].score);
      out += (i ? "\t" : "") + ranked[i].label + "\t" + score;
    }
    console.show(out);
  }
  return ExitCode::ok;
}

}  // namespace

void add_predict(CommandLine& line) {
  CLI::App* c = line.app.add_subcommand("predict", "Classify the lines of stdin: label and probability, tab-separated");
  add_common_options(*c, line.common);
  auto path = std::make_shared<std::string>();
  auto top = std::make_shared<std::size_t>(3);
  c->add_option("MODEL", *path, "A model file that `save` wrote")->required();
  c->add_option("--top", *top, "How many labels to print a line")->capture_default_str()->check(CLI::PositiveNumber);
  c->callback([path, top, &line] { line.run = [&common = line.common, path, top] { return predict(common, *path, *top); }; });
}

void add_generate(CommandLine& line) {
  struct Arguments {
    std::string path, prompt;
    std::int64_t tokens = 60;
    double temperature = 0.8;
  };
  CLI::App* c = line.app.add_subcommand("generate", "Write text that goes on from a prompt");
  add_common_options(*c, line.common);
  auto a = std::make_shared<Arguments>();
  c->add_option("MODEL", a->path, "A model file that `save` wrote")->required();
  c->add_option("PROMPT", a->prompt, "The text to go on from; empty: a new paragraph");
  c->add_option("--tokens", a->tokens, "How many tokens to write")->capture_default_str()->check(CLI::NonNegativeNumber);
  c->add_option("--temperature", a->temperature, "0: always the likeliest; 1: as the model scores")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  c->callback([a, &line] {
    line.run = [&common = line.common, a] {
      Console console;
      Session session({common.machine(), {}, false}, console);
      session.load(a->path);
      console.show(session.machine().generate(session.generation(a->prompt, a->tokens, a->temperature)));
      return static_cast<int>(Interrupt::requested() ? ExitCode::interrupted : ExitCode::ok);
    };
  });
}

}  // namespace weft::repl
