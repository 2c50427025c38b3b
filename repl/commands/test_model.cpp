#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "corpora/watch.h"
#include "nlp/embedding/classifier/line_tokens.h"
#include "nlp/metrics/classification.h"
#include "repl/commands/command.h"
#include "repl/exit_code.h"
#include "repl/interrupt.h"
#include "repl/labelled_file.h"
#include "repl/line_classifier.h"
#include "repl/usage.h"

/// `weft test`: how good a classifier is on labelled lines.
namespace weft::repl {

namespace {

struct TestOptions {
  std::string model, file, form = "auto", prefix = "__label__";
  std::size_t top = 1;
  double threshold = 0;
  bool confusion = false, tsv = false, json = false;
  TextReading reading;
};

/// Scores of all labels are kept for the areas under the curves, up to so many.
constexpr std::size_t kMostScores = std::size_t{1} << 28;
constexpr std::size_t kMostConfused = 4096;

struct Row {
  std::string label;
  std::int64_t examples = 0, predicted = 0;
  double precision = 0, recall = 0, f1 = 0, auc = 0;
};

std::string number(double x) {
  if (std::isnan(x)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", x);
  return text;
}

nlohmann::json json_number(double x) {
  return std::isnan(x) ? nlohmann::json() : nlohmann::json(x);
}

class Test {
 public:
  Test(const CommonOptions& common, const TestOptions& options)
      : o_(options),
        model_(open_classifier(options.model, common, console_)),
        counts_(static_cast<std::int64_t>(model_->labels().size())) {
    for (std::size_t i = 0; i < model_->labels().size(); ++i)
      numbers_[model_->labels()[i]] = static_cast<std::int32_t>(i);
    if (o_.confusion) {
      if (labels() > kMostConfused)
        throw std::runtime_error("a confusion matrix of " + std::to_string(labels()) +
                                 " labels is no use to anybody; leave out --confusion");
      confusion_.emplace(static_cast<std::int64_t>(labels()));
    }
  }

  int run() {
    const LabelledFile file = open_labelled(o_.file, o_.form, o_.prefix, o_.reading);
    tsv_ = file.form == nlp::LabelForm::tsv;
    nlp::TextBlock block;
    std::string begun;
    try {
      while (file.text->next(block)) {
        if (block.starts_line && block.ends_line) {
          read(block.text, *file.text, block);
          continue;
        }
        begun += block.text;
        if (!block.ends_line) continue;
        read(begun, *file.text, block);
        begun.clear();
      }
    } catch (const corpora::Stopped&) {
    }
    if (Interrupt::requested()) return ExitCode::interrupted;
    if (const std::string note = file.text->note(); !note.empty()) console_.note(note);
    if (counts_.examples() == 0)
      throw corpora::DataError(
          file.path, lines_ > 0 ? 1 : 0, lines_ == 0 ? "the file is empty" : "no line has a label and a text",
          tsv_ ? "a line is label, tab, text"
               : "labels are words that begin with " + o_.prefix + "; label, tab, text is --form tsv");
    report();
    return ExitCode::ok;
  }

 private:
  std::size_t labels() const { return model_->labels().size(); }

  void read(std::string_view text, corpora::FileBlocks& file, const nlp::TextBlock& block) {
    std::vector<std::string> storage;
    std::vector<std::vector<std::int32_t>> gold;
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      const auto offset = static_cast<std::size_t>(line.data() - text.data());
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      ++lines_;
      std::vector<std::int32_t> meant;
      std::string words;
      if (tsv_) {
        const std::size_t tab = line.find('\t');
        if (tab == std::string_view::npos && line.find_first_not_of(' ') != std::string_view::npos) {
          const corpora::TextPlace place = file.place_of(block, std::min(offset, block.text.size()));
          throw corpora::DataError(place.file, place.line, "the line has no tab",
                                   "a line is label, tab, text; words with a prefix are --form fasttext");
        }
        if (tab != std::string_view::npos) {
          mean(std::string(line.substr(0, tab)), meant);
          words = line.substr(tab + 1);
        }
      } else {
        nlp::for_each_token(line, [&](std::string_view token, std::uint32_t) {
          if (token.starts_with(o_.prefix)) {
            mean(std::string(token.substr(o_.prefix.size())), meant);
          } else {
            words += words.empty() ? "" : " ";
            words += token;
          }
        });
      }
      const bool has_text = words.find_first_not_of(" \t") != std::string::npos;
      if (meant.empty() || !has_text) {
        ++(has_text ? unlabelled_ : meant.empty() ? empty_ : textless_);
        continue;
      }
      storage.push_back(std::move(words));
      gold.push_back(std::move(meant));
    }
    classify({storage.begin(), storage.end()}, gold);
  }

  void mean(const std::string& label, std::vector<std::int32_t>& meant) {
    if (label.empty()) return;
    const auto known = numbers_.find(label);
    if (known == numbers_.end()) ++unknown_;
    const std::int32_t n = known == numbers_.end() ? -1 : known->second;
    if (n < 0 || std::find(meant.begin(), meant.end(), n) == meant.end()) meant.push_back(n);
  }

  void classify(const std::vector<std::string_view>& lines,
                const std::vector<std::vector<std::int32_t>>& gold) {
    const auto ranked = model_->classify(lines, o_.top, static_cast<float>(o_.threshold));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::vector<std::int32_t> given;
      for (const ScoredLabel& s : ranked[i]) given.push_back(s.label);
      counts_.add(gold[i], given);
      if (confusion_ && !given.empty() && gold[i][0] >= 0) confusion_->add(gold[i][0], given[0]);
      for (const std::int32_t l : gold[i]) {
        if (l >= 0) positives_.emplace_back(texts_, l);
      }
      ++texts_;
    }
    if (!keeps_scores_) return;
    const std::size_t at = scores_.size();
    if (at + lines.size() * labels() > kMostScores) {
      keeps_scores_ = false;
      scores_ = {};
      return;
    }
    scores_.resize(at + lines.size() * labels());
    model_->probabilities(lines, std::span(scores_).subspan(at));
  }

  double area(std::size_t label, const std::vector<std::vector<std::size_t>>& positives) const {
    if (!keeps_scores_) return std::numeric_limits<double>::quiet_NaN();
    std::vector<float> scores;
    for (std::size_t i = 0; i < texts_; ++i) scores.push_back(scores_[i * labels() + label]);
    std::vector<bool> positive(texts_);
    for (const std::size_t i : positives[label]) positive[i] = true;
    return nlp::roc_auc(std::move(scores), positive);
  }

  void report() {
    std::vector<std::vector<std::size_t>> positives(labels());
    for (const auto& [text, label] : positives_) positives[static_cast<std::size_t>(label)].push_back(text);
    std::vector<Row> rows;
    double areas = 0;
    std::int64_t with_area = 0;
    for (std::size_t i = 0; i < labels(); ++i) {
      const nlp::LabelCounts& c = counts_.labels()[i];
      const double auc = area(i, positives);
      if (!std::isnan(auc)) {
        areas += auc;
        ++with_area;
      }
      if (c.gold == 0 && c.predicted == 0) continue;
      rows.push_back({model_->labels()[i], c.gold, c.predicted, c.precision(), c.recall(), c.f1(), auc});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.label < b.label; });
    const double auc =
        with_area ? areas / static_cast<double>(with_area) : std::numeric_limits<double>::quiet_NaN();
    const nlp::Averages micro = counts_.micro(), macro = counts_.macro();
    const Row all{"(micro)",
                  counts_.total().gold,
                  counts_.total().predicted,
                  micro.precision,
                  micro.recall,
                  micro.f1,
                  std::numeric_limits<double>::quiet_NaN()};
    const Row mean{
        "(macro)", counts_.total().gold, counts_.total().predicted, macro.precision, macro.recall, macro.f1,
        auc};
    if (!o_.json) tell_passed_over();
    if (o_.json) {
      json(rows, all, mean);
    } else if (o_.tsv) {
      table(rows, all, mean, true);
    } else {
      table(rows, all, mean, false);
    }
  }

  void tell_passed_over() {
    const auto tell = [&](std::int64_t n, const char* what) {
      if (n > 0) console_.note(std::to_string(n) + what);
    };
    tell(empty_, " empty lines left out");
    tell(unlabelled_, " lines without a label left out");
    tell(textless_, " lines without a text left out");
    tell(unknown_, " labels that the model doesn't have: counted as never found");
    if (!keeps_scores_) console_.note("too many scores for the areas under the curves: left out");
  }

  void table(const std::vector<Row>& rows, const Row& micro, const Row& macro, bool tsv) {
    const std::string at = "precision@" + std::to_string(o_.top);
    std::string out;
    const auto pair = [&](const std::string& name, const std::string& value) {
      out += name +
             (tsv ? "\t" : std::string(std::max<std::size_t>(18, name.size() + 2) - name.size(), ' ')) +
             value + "\n";
    };
    pair("examples", std::to_string(counts_.examples()));
    pair("accuracy", number(counts_.accuracy()));
    if (o_.top > 1) {
      pair(at, number(micro.precision));
      pair("recall@" + std::to_string(o_.top), number(micro.recall));
    }
    pair("roc_auc", number(macro.auc));
    std::size_t widest = 7;
    for (const Row& r : rows) widest = std::max(widest, r.label.size());
    const auto line = [&](const std::vector<std::string>& fields) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t width = i == 0 ? widest : 9;
        if (tsv) {
          out += (i ? "\t" : "") + fields[i];
        } else if (i == 0) {
          out += fields[i] + std::string(width - std::min(width, fields[i].size()), ' ');
        } else {
          out += "  " + std::string(width - std::min(width, fields[i].size()), ' ') + fields[i];
        }
      }
      out += "\n";
    };
    out += "\n";
    line({"label", "examples", "predicted", "precision", "recall", "f1", "roc_auc"});
    std::vector<Row> every{micro, macro};
    every.insert(every.end(), rows.begin(), rows.end());
    for (const Row& r : every) {
      line({r.label, std::to_string(r.examples), std::to_string(r.predicted), number(r.precision),
            number(r.recall), number(r.f1), number(r.auc)});
    }
    if (confusion_) {
      out += "\n";
      if (tsv) {
        out += "meant\tpredicted\texamples\n";
      } else {
        out += "meant as -> given as: examples, the most frequent mistakes first\n";
      }
      struct Cell {
        std::int64_t n;
        std::int32_t meant, given;
      };
      std::vector<Cell> cells;
      for (std::int32_t g = 0; g < static_cast<std::int32_t>(labels()); ++g)
        for (std::int32_t p = 0; p < static_cast<std::int32_t>(labels()); ++p)
          if ((*confusion_)(g, p) > 0 && (tsv || g != p)) cells.push_back({(*confusion_)(g, p), g, p});
      std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.n > b.n; });
      for (const Cell& c : cells) {
        const std::string &meant = model_->labels()[static_cast<std::size_t>(c.meant)],
                          &given = model_->labels()[static_cast<std::size_t>(c.given)];
        out += tsv ? meant + "\t" + given + "\t" + std::to_string(c.n) + "\n"
                   : meant + " -> " + given + ": " + std::to_string(c.n) + "\n";
      }
    }
    out.pop_back();
    console_.show(out);
  }

  void json(const std::vector<Row>& rows, const Row& micro, const Row& macro) {
    const auto of = [](const Row& r) {
      return nlohmann::json{{"precision", r.precision}, {"recall", r.recall}, {"f1", r.f1}};
    };
    nlohmann::json out{{"examples", counts_.examples()},
                       {"accuracy", counts_.accuracy()},
                       {"top", o_.top},
                       {"micro", of(micro)},
                       {"macro", of(macro)},
                       {"roc_auc", json_number(macro.auc)},
                       {"empty_lines", empty_},
                       {"lines_without_label", unlabelled_},
                       {"lines_without_text", textless_},
                       {"unknown_labels", unknown_}};
    nlohmann::json labels = nlohmann::json::object();
    for (const Row& r : rows) {
      nlohmann::json one = of(r);
      one["examples"] = r.examples;
      one["predicted"] = r.predicted;
      one["roc_auc"] = json_number(r.auc);
      labels[r.label] = one;
    }
    out["labels"] = labels;
    if (confusion_) {
      nlohmann::json names = nlohmann::json::array(), matrix = nlohmann::json::array();
      for (std::int32_t g = 0; g < static_cast<std::int32_t>(this->labels()); ++g) {
        names.push_back(model_->labels()[static_cast<std::size_t>(g)]);
        nlohmann::json row = nlohmann::json::array();
        for (std::int32_t p = 0; p < static_cast<std::int32_t>(this->labels()); ++p)
          row.push_back((*confusion_)(g, p));
        matrix.push_back(row);
      }
      out["confusion"] = {{"labels", names}, {"counts", matrix}};
    }
    console_.show(out.dump());
  }

  Console console_;
  const TestOptions& o_;
  std::unique_ptr<LineClassifier> model_;
  nlp::Classification counts_;
  std::optional<nlp::ConfusionMatrix> confusion_;
  std::unordered_map<std::string, std::int32_t> numbers_;
  bool tsv_ = false, keeps_scores_ = true;
  std::int64_t lines_ = 0, empty_ = 0, unlabelled_ = 0, textless_ = 0, unknown_ = 0;
  std::size_t texts_ = 0;
  std::vector<float> scores_;
  std::vector<std::pair<std::size_t, std::int32_t>> positives_;
};

}  // namespace

void add_test(CommandLine& line) {
  CLI::App* c = add_command(line, "test", "Tell how good a classifier is on labelled lines");
  auto o = std::make_shared<TestOptions>();
  c->add_option("MODEL", o->model, "A model file that `save` wrote, or a .bin or .ftz of fastText's form")
      ->required();
  c->add_option("FILE", o->file, "Labelled lines, plain, .gz or .zst; - for standard input")->required();
  c->add_option(
       "--form", o->form,
       "How a line has its labels: fasttext, words with the prefix; tsv, label, tab, text; auto (default)")
      ->type_name("NAME")
      ->check(one_of({"auto", "fasttext", "tsv"}));
  c->add_option("--label-prefix", o->prefix, "What a label begins with (default __label__)")
      ->type_name("TEXT");
  c->add_option("--top", o->top, "How many labels a line is given: precision@N, recall@N")
      ->type_name("N")
      ->capture_default_str()
      ->check(whole_number(1, std::numeric_limits<std::int32_t>::max()));
  c->add_option("--threshold", o->threshold, "Only labels with at least this probability (default 0)")
      ->type_name("P")
      ->check(number_at_least(0));
  c->add_flag("--confusion", o->confusion, "Which labels are taken for which others");
  c->add_flag("--tsv", o->tsv, "Fields with tabs between instead of a table");
  c->add_flag("--json", o->json, "One JSON object instead");
  add_text_reading(*c, o->reading);
  add_common_options(*c, line.common);
  c->footer("Example: weft test classifier.bin test.tsv --confusion");
  c->callback([o, &line] { line.run = [&common = line.common, o] { return Test(common, *o).run(); }; });
}

}  // namespace weft::repl
