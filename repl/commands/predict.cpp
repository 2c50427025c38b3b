#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "corpora/invalid_text.h"
#include "corpora/text_blocks.h"
#include "corpora/watch.h"
#include "repl/commands/command.h"
#include "repl/exit_code.h"
#include "repl/input.h"
#include "repl/interrupt.h"
#include "repl/line_classifier.h"
#include "repl/text_reading.h"
#include "repl/usage.h"

/// `weft predict`: labels for lines, by a model file.
namespace weft::repl {

namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 28;

struct PredictOptions {
  std::string model, file = "-";
  std::size_t top = 3;
  double threshold = 0;
  bool json = false;
  TextReading reading;
};

class Predict {
 public:
  Predict(const CommonOptions& common, const PredictOptions& options)
      : options_(options), model_(open_classifier(options.model, common, console_)) {}

  int run() {
    if (options_.file == "-")
      by_line();
    else
      by_block();
    return Interrupt::requested() ? ExitCode::interrupted : ExitCode::ok;
  }

 private:
  /// Each line is answered at once, for those who wait for it at the other end of a pipe.
  void by_line() {
    std::string line;
    std::int64_t mended = 0;
    for (std::int64_t number = 1; !Interrupt::requested() && next_input_line(line, number, kLongestLine);
         ++number) {
      if (const auto offset = corpora::first_invalid(line); offset != std::string::npos) {
        const corpora::TextOptions reading = options_.reading.options();
        if (reading.invalid == corpora::Invalid::error) {
          throw corpora::DataError("<stdin>", number,
                                   "byte " + std::to_string(offset) + " of the line is not UTF-8",
                                   "convert the text to UTF-8 first, or set `invalid` to replace or skip");
        }
        std::string whole;
        mended += corpora::mend(line, reading.invalid, whole);
        line.swap(whole);
      }
      answer({line});
    }
    if (mended > 0) console_.note(std::to_string(mended) + " places that are not UTF-8 were mended");
  }

  void by_block() {
    corpora::FileBlocks text(options_.file, options_.reading.options());
    nlp::TextBlock block;
    std::string begun;  // of a line longer than a block
    try {
      while (text.next(block)) {
        std::string_view rest = block.text;
        if (!block.starts_line || !block.ends_line) {
          begun += rest;
          if (!block.ends_line) continue;
          rest = begun;
        }
        std::vector<std::string_view> lines;
        while (!rest.empty()) {
          const std::size_t end = rest.find('\n');
          std::string_view line = rest.substr(0, end);
          if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
          lines.push_back(line);
          rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
        answer(lines);
        begun.clear();
      }
    } catch (const corpora::Stopped&) {
    }
    if (const std::string note = text.note(); !note.empty()) console_.note(note);
  }

  void answer(const std::vector<std::string_view>& lines) {
    std::string out;
    for (const auto& ranked : model_->classify(lines, options_.top, static_cast<float>(options_.threshold))) {
      if (options_.json) {
        nlohmann::json labels = nlohmann::json::array();
        for (const ScoredLabel& s : ranked)
          labels.push_back({{"label", name(s)}, {"probability", std::stod(number(s, 9))}});
        out += nlohmann::json{{"labels", labels}}.dump() + "\n";
        continue;
      }
      for (std::size_t i = 0; i < ranked.size(); ++i)
        out += (i ? "\t" : "") + name(ranked[i]) + "\t" + number(ranked[i], model_->digits());
      out += "\n";
    }
    if (out.empty()) return;
    out.pop_back();
    console_.show(out);
  }

  const std::string& name(const ScoredLabel& s) const {
    return model_->labels()[static_cast<std::size_t>(s.label)];
  }
  static std::string number(const ScoredLabel& s, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, static_cast<double>(s.probability));
    return text;
  }

  Console console_;
  const PredictOptions& options_;
  std::unique_ptr<LineClassifier> model_;
};

}  // namespace

void add_predict(CommandLine& line) {
  CLI::App* c = add_command(line, "predict", "Classify the lines of a file or of standard input");
  auto options = std::make_shared<PredictOptions>();
  c->add_option("MODEL", options->model,
                "A model file that `save` wrote, or a classifier as fastText has them (.bin, .ftz)")
      ->required();
  c->add_option("FILE", options->file, "Lines, plain, .gz or .zst; `-` or nothing: standard input");
  c->add_option("--top", options->top, "How many labels to print for a line")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c->add_option("--threshold", options->threshold, "Only labels with at least this probability (default 0)")
      ->type_name("P")
      ->check(number_at_least(0));
  c->add_flag("--json", options->json,
              "A JSON object a line: {\"labels\": [{\"label\", \"probability\"}, ..]}");
  add_text_reading(*c, options->reading);
  add_common_options(*c, line.common);
  c->footer(
      "Each line gives one line: label, probability, label, probability, ... with\n"
      "tabs between, the likeliest first.\n\nExample: echo \"play some jazz\" | weft predict "
      "classifier.safetensors");
  c->callback([options, &line] {
    line.run = [&common = line.common, options] { return Predict(common, *options).run(); };
  });
}

}  // namespace weft::repl
