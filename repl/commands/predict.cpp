#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "lang/run/print.h"
#include "nlp/text/tokenizer.h"
#include "repl/commands/command.h"
#include "repl/console.h"
#include "repl/exit_code.h"
#include "repl/input.h"
#include "repl/interrupt.h"
#include "repl/usage.h"
#include "tensor/safetensors.h"

/// `weft predict`: labels for lines, by a model file.
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
    throw ModelFileError(
        "the model gives no scores over one labelled axis for a text; predict needs a classifier");
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
  std::stable_sort(out.begin(), out.end(),
                   [](const Scored& a, const Scored& b) { return a.score > b.score; });
  return out;
}

int predict(const CommonOptions& common, const std::string& path, std::size_t top) {
  Console console;
  Session session({common.machine(), {}, false}, console);
  session.load(path);
  const Session::Reader reader = session.reader();
  std::string line;
  for (std::int64_t number = 1; next_input_line(line, number); ++number) {
    if (Interrupt::requested()) return ExitCode::interrupted;
    if (const auto offset = nlp::check_utf8(line); offset != std::string::npos) {
      throw corpora::DataError("<stdin>", number,
                               "byte " + std::to_string(offset) + " of the line is not UTF-8",
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
  return Interrupt::requested() ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace

void add_predict(CommandLine& line) {
  CLI::App* c = add_command(line, "predict", "Classify the lines of standard input");
  auto path = std::make_shared<std::string>();
  auto top = std::make_shared<std::size_t>(3);
  c->add_option("MODEL", *path, "A model file that `save` wrote; nothing else is needed")->required();
  c->add_option("--top", *top, "How many labels to print for a line")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  add_common_options(*c, line.common);
  c->footer(
      "Each line gives one line: label, probability, label, probability, ... with\n"
      "tabs between, the likeliest first.\n\nExample: echo \"play some jazz\" | weft predict "
      "classifier.safetensors");
  c->callback([path, top, &line] {
    line.run = [&common = line.common, path, top] { return predict(common, *path, *top); };
  });
}

}  // namespace weft::repl
