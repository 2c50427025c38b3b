#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "corpora/text_blocks.h"
#include "corpora/watch.h"
#include "nlp/embedding/classifier/checkpoint.h"
#include "nlp/embedding/classifier/evaluate.h"
#include "nlp/embedding/classifier/examples.h"
#include "nlp/embedding/classifier/quantize.h"
#include "nlp/embedding/classifier/search.h"
#include "nlp/embedding/classifier/train.h"
#include "nlp/embedding/formats/embedding_file.h"
#include "repl/commands/recipe_options.h"
#include "repl/commands/train_embedding.h"
#include "repl/exit_code.h"
#include "repl/interrupt.h"
#include "repl/labelled_file.h"
#include "repl/progress_line.h"
#include "repl/progress_text.h"

/// `weft train fasttext --supervised`: a text classifier.
namespace weft::repl {

namespace {

using nlp::EmbeddingLoss;
using nlp::EmbeddingModel;
using nlp::Examples;

/// The options as they are given; what they mean is sorted out after.
struct Options {
  std::string corpus = "intents.tsv", output = "classifier.bin", form = "auto", prefix = "__label__";
  std::string loss = "softmax", pretrained, from, validation, metric = "accuracy", checkpoint;
  std::int32_t dimension = 100, epochs = 10, negatives = 5, word_ngrams = 2, buckets = 500000;
  std::int32_t min_n = 3, max_n = 5, patience = 0;
  std::int64_t min_count = 1, min_label_count = 0, trials = 0;
  double rate = 2, holdout = 0, autotune = 0, checkpoint_minutes = 1;
  std::string model_size;
  TextReading reading;
  bool deterministic = false;
};

void declare(RecipeOptions& o, Options& x) {
  const std::int64_t most = std::numeric_limits<std::int32_t>::max();
  o.text("corpus", x.corpus,
         "The labelled lines: a file, plain, .gz or .zst, a pattern, or - for standard input");
  o.choice(
      "form", x.form, {"auto", "fasttext", "tsv"},
      "How a line has its labels: fasttext, words with the prefix; tsv, label and text with a tab between; "
      "auto, by the file's ending and first line");
  add_text_reading(o, x.reading);
  o.text("label_prefix", x.prefix, "What a label begins with");
  o.text("output", x.output, "Where the model goes; .bin is fastText's form, .ftz the same quantized");
  o.whole("dimension", x.dimension, 1, 1 << 16, "Elements of a vector");
  o.real("rate", x.rate, 1e-6, 1e6, "Learning rate at the start; it falls linearly to 0");
  o.whole("epochs", x.epochs, 1, most, "Passes over the corpus");
  o.whole("word_ngrams", x.word_ngrams, 1, 16, "Longest run of words that has a vector of its own");
  o.whole("min_n", x.min_n, 0, 64, "Shortest run of characters inside a word that has one; 0: none has");
  o.whole("max_n", x.max_n, 0, 64, "Longest of them");
  o.whole("buckets", x.buckets, 1, most, "Vectors that these runs share by their hash");
  o.whole("min_count", x.min_count, 1, most, "Words seen less often get no vector");
  o.whole("min_label_count", x.min_label_count, 0, most, "Labels seen less often are left out");
  o.choice("loss", x.loss, {"softmax", "hierarchical_softmax", "negative_sampling", "one_vs_all"},
           "one_vs_all for several labels a line; hierarchical_softmax for very many labels");
  o.whole("negatives", x.negatives, 1, most, "Labels drawn against each one, for negative_sampling");
  o.text("pretrained", x.pretrained, "Word vectors to begin with, of the same dimension");
  o.text("from", x.from,
         "A classifier to go on from: its words, labels and n-grams stay, and new words and labels come in");
  o.text("validation", x.validation, "Labelled lines to choose by: the best epoch, or the best settings");
  o.real("holdout", x.holdout, 0, 0.9, "In their place a share of the corpus, drawn by the seed");
  o.whole("patience", x.patience, 0, most, "End after so many epochs without a better validation; 0: never");
  o.text("metric", x.metric,
         "What is better: accuracy, f1, f1:LABEL, precision-at-recall:R or recall-at-precision:P");
  o.real("autotune", x.autotune, 0, 1e7,
         "Search for the best settings for so many seconds; options given stay");
  o.whole("trials", x.trials, 0, most,
          "Search by so many trials instead: its result depends on the seed alone");
  o.text("model_size", x.model_size, "With a search: bytes the model may take at most, quantized: 500k, 2M");
  o.flag("deterministic", x.deterministic,
         "The same bits for any number of threads: one of them makes all the steps");
  o.text("checkpoint", x.checkpoint,
         "A file to go on from after a kill, written every few minutes; gone when the model is there");
  o.real("checkpoint_minutes", x.checkpoint_minutes, 0, 1e9, "How often");
}

EmbeddingLoss loss_of(const std::string& name) {
  if (name == "hierarchical_softmax") return EmbeddingLoss::hierarchical_softmax;
  if (name == "negative_sampling") return EmbeddingLoss::negative_sampling;
  return name == "one_vs_all" ? EmbeddingLoss::one_vs_all : EmbeddingLoss::softmax;
}

/// "2M" -> 2,000,000, as fastText counts; 0 where it is no such thing.
std::int64_t bytes_of(const std::string& text) {
  char* end = nullptr;
  double x = std::strtod(text.c_str(), &end);
  const std::string unit(end);
  x *= unit == "k" || unit == "K" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : unit.empty() ? 1 : 0;
  return std::isfinite(x) && x >= 1 && x < 1e15 ? static_cast<std::int64_t>(x) : 0;
}

nlp::EmbeddingSettings settings_of(const Options& x, const RecipeOptions& given) {
  nlp::EmbeddingSettings s;
  s.task = nlp::EmbeddingTask::supervised;
  s.loss = loss_of(x.loss);
  s.dimension = x.dimension;
  s.epochs = x.epochs;
  s.negatives = x.negatives;
  s.min_count = x.min_count;
  s.min_label_count = x.min_label_count;
  s.word_ngrams = x.word_ngrams;
  s.min_n = x.min_n;
  s.max_n = x.max_n;
  s.rate = x.rate;
  s.sample = 1e-4;
  s.noise_power = 0.5;
  s.label_prefix = x.prefix;
  // Either alone says enough: a lower end above the upper one moves that, and 0 is none.
  if (!given.given("max_n")) s.max_n = s.min_n > 0 ? std::max(s.max_n, s.min_n) : 0;
  if (!given.given("min_n")) s.min_n = std::min(s.min_n, s.max_n);
  if (s.max_n == 0) s.min_n = 0;
  s.buckets = s.word_ngrams > 1 || s.max_n > 0 ? x.buckets : 0;
  return s;
}

/// The whole run, in the order in which it goes.
class Run {
 public:
  Run(const CommonOptions& common, Options options, const RecipeOptions& given)
      : common_(common), x_(std::move(options)), given_(given), workers_(common.threads) {}

  int run() {
    if (!x_.from.empty()) read_from();
    read();
    if (Interrupt::requested()) return ExitCode::interrupted;
    check_memory();
    if (searches()) return search();
    return train();
  }

 private:
  bool searches() const { return x_.autotune > 0 || x_.trials > 0; }

  void read_from() {
    from_ = std::make_unique<EmbeddingModel>(nlp::read_embedding(x_.from));
    const auto fail = [&](const char* why) { throw nlp::EmbeddingFileError(x_.from + ": " + why); };
    if (from_->settings.task != nlp::EmbeddingTask::supervised || from_->output.empty())
      fail("it is no classifier; --pretrained takes word vectors");
    if (from_->quantized_input || from_->quantized_output || !from_->kept_buckets.empty())
      fail("it is quantized, and can't be trained any further");
  }

  /// What is asked for; of a classifier to go on from its dimension and n-grams, and its loss.
  nlp::EmbeddingSettings settings() const {
    nlp::EmbeddingSettings s = settings_of(x_, given_);
    if (!from_) return s;
    const nlp::EmbeddingSettings& old = from_->settings;
    s.dimension = old.dimension;
    s.word_ngrams = old.word_ngrams;
    s.buckets = old.buckets;
    s.min_n = old.min_n;
    s.max_n = old.max_n;
    if (!given_.given("loss")) s.loss = old.loss;
    return s;
  }

  void read() {
    const LabelledFile file = open_labelled(x_.corpus, x_.form, x_.prefix, x_.reading, &reading_);
    form_ = file.form;
    nlp::ExampleReading reading;
    reading.form = file.form;
    reading.label_prefix = x_.prefix;
    reading.min_count = x_.min_count;
    reading.min_label_count = x_.min_label_count;
    if (from_) reading.known = &from_->dictionary;
    examples_ = read_examples(file, reading, workers_);
    if (Interrupt::requested()) return;
    tell_mended(file);
    line_.note(std::to_string(examples_.size()) + " examples, " + std::to_string(examples_.words()) +
               " words, " + std::to_string(examples_.labels()) + " labels" + passed_over(examples_.counts()));
    if (from_) {
      line_.note("going on from " + x_.from + ": " +
                 std::to_string(examples_.words() - from_->dictionary.words()) + " new words, " +
                 std::to_string(examples_.labels() - from_->dictionary.labels()) + " new labels");
    }
    tell_many_labels();
    if (!x_.validation.empty()) {
      const LabelledFile held = open_labelled(x_.validation, x_.form, x_.prefix, x_.reading, &reading_);
      reading.form = held.form;
      reading.known = nullptr;
      reading.dictionary = &examples_.dictionary();
      validation_ = read_examples(held, reading, workers_);
      tell_mended(held);
    } else if (x_.holdout > 0 || searches()) {
      whole_ = std::make_unique<Examples>(std::move(examples_));
      auto [train, held] = whole_->split(x_.holdout > 0 ? x_.holdout : 0.1, common_.seed);
      examples_ = std::move(train);
      validation_ = std::move(held);
      if (validation_->size() == 0 || examples_.size() == 0)
        throw corpora::DataError(x_.corpus, 0, "the corpus has too few examples to hold some out",
                                 "give --validation FILE");
    }
  }

  void tell_mended(const LabelledFile& file) {
    if (const std::string note = file.text->note(); !note.empty()) line_.note(note);
  }

  /// Softmax and one-vs-all pass over all labels at each step.
  void tell_many_labels() {
    const EmbeddingLoss loss = loss_of(x_.loss);
    if (examples_.labels() < 100'000 ||
        (loss != EmbeddingLoss::softmax && loss != EmbeddingLoss::one_vs_all)) {
      return;
    }
    char text[200];
    std::snprintf(
        text, sizeof text,
        "each step passes over all %d labels, %.1f MB; --loss hierarchical_softmax over a few%s",
        examples_.labels(), 4e-6 * examples_.labels() * x_.dimension,
        examples_.labels() > examples_.size() / 2 ? ". Nearly every line has a label of its own" : "");
    line_.note(text);
  }

  void check_memory() const {
    const double need = nlp::classifier_bytes(examples_, settings()), there = physical_memory();
    if (searches() || need <= 0.9 * there) return;
    char text[160];
    std::snprintf(text, sizeof text,
                  "the matrices of %d labels, %d words and %d buckets would take %.1f GB of %.1f",
                  examples_.labels(), examples_.words(), settings().buckets, need / 1e9, there / 1e9);
    throw corpora::DataError(
        x_.corpus, 0, text,
        "fewer: --min_label_count, --min_count, --buckets or --dimension; one label a line "
        "is usual, and it comes first");
  }

  std::unique_ptr<EmbeddingModel> pretrained(nlp::EmbeddingSettings& settings) const {
    if (x_.pretrained.empty()) return nullptr;
    auto out = std::make_unique<EmbeddingModel>(nlp::read_embedding(x_.pretrained));
    if (!given_.given("dimension")) settings.dimension = out->dimension();
    if (out->dimension() != settings.dimension) {
      throw nlp::EmbeddingFileError(x_.pretrained + ": its vectors have " + std::to_string(out->dimension()) +
                                    " elements, and --dimension asks for " +
                                    std::to_string(settings.dimension));
    }
    return out;
  }

  int train() {
    nlp::EmbeddingSettings settings = this->settings();
    const std::unique_ptr<EmbeddingModel> begin_with = pretrained(settings);
    nlp::ClassifierState state;
    EmbeddingModel best;
    EmbeddingModel model;
    const std::uint64_t mark = nlp::fingerprint(examples_, settings, common_.seed, x_.deterministic);
    if (!x_.checkpoint.empty() && std::filesystem::exists(x_.checkpoint)) {
      model = nlp::new_classifier(examples_, settings, common_.seed, workers_);
      nlp::read_checkpoint(x_.checkpoint, mark, model, best, state);
      line_.note("going on from " + x_.checkpoint + " after " + std::to_string(state.epoch) + " of " +
                 std::to_string(settings.epochs) + " epochs");
    } else {
      model = nlp::new_classifier(examples_, settings, common_.seed, workers_, begin_with.get(), from_.get());
    }
    from_.reset();
    nlp::ClassifierTraining options;
    options.seed = common_.seed;
    options.deterministic = x_.deterministic || workers_.size() == 1;
    options.patience = x_.patience;
    options.progress = [&](const nlp::ClassifierProgress& p) {
      show(p);
      return !Interrupt::requested();
    };
    const nlp::Metric metric = metric_of();
    if (validation_) {
      options.validate = [&](const EmbeddingModel& m, std::int64_t epoch) {
        const double score = nlp::evaluate(m, *validation_, metric, workers_);
        char text[120];
        std::snprintf(text, sizeof text, "epoch %lld: %s %.4f", static_cast<long long>(epoch),
                      x_.metric.c_str(), score);
        line_.note(text);
        return score;
      };
    }
    auto written = std::chrono::steady_clock::now();
    if (!x_.checkpoint.empty()) {
      options.checkpoint = [&](const EmbeddingModel& m, const EmbeddingModel* b,
                               const nlp::ClassifierState& s) {
        const auto now = std::chrono::steady_clock::now();
        if (!Interrupt::requested() &&
            std::chrono::duration<double>(now - written).count() < 60 * x_.checkpoint_minutes) {
          return;
        }
        nlp::write_checkpoint(x_.checkpoint, mark, m, b, s);
        written = std::chrono::steady_clock::now();
      };
    }
    if (!options.deterministic)
      line_.note("threads step without locks: results vary a little; --deterministic keeps them the same");
    const nlp::TrainingEnd end = nlp::train_classifier(model, examples_, options, workers_, state, &best);
    line_.close();
    if (end == nlp::TrainingEnd::early)
      line_.note("no better for " + std::to_string(x_.patience) + " epochs: the model is that after epoch " +
                 std::to_string(state.best_epoch));
    save(std::move(model));
    if (end == nlp::TrainingEnd::stopped) return ExitCode::interrupted;
    if (!x_.checkpoint.empty()) std::filesystem::remove(x_.checkpoint);
    return ExitCode::ok;
  }

  nlp::Metric metric_of() const { return nlp::parse_metric(x_.metric, examples_.dictionary(), x_.prefix); }

  int search() {
    nlp::EmbeddingSettings settings = settings_of(x_, given_);
    const std::unique_ptr<EmbeddingModel> begin_with = pretrained(settings);
    nlp::SearchOptions o;
    o.start = settings;
    o.metric = metric_of();
    o.seconds = x_.autotune;
    o.trials = x_.trials;
    o.seed = common_.seed;
    o.model_bytes = bytes_of(x_.model_size);
    o.pretrained = begin_with.get();
    o.memory = 0.8 * physical_memory();
    o.fixed = {given_.given("epochs"),
               given_.given("rate"),
               given_.given("dimension") || begin_with,
               given_.given("word_ngrams"),
               given_.given("min_n") || given_.given("max_n"),
               given_.given("buckets")};
    o.going_on = [] { return !Interrupt::requested(); };
    o.trial = [&](const nlp::SearchTrial& t) {
      line_.note("trial " + std::to_string(t.number) + ": " + nlp::describe(t.settings) + ": " +
                 (t.fault.empty() ? x_.metric + " " + number(t.score) : t.fault) + " in " +
                 number(t.seconds) + " s" + (t.best ? ", the best so far" : ""));
    };
    nlp::SearchResult result = nlp::search_settings(examples_, *validation_, o, workers_);
    if (result.trials == 0 || result.model.output.empty()) {
      if (Interrupt::requested()) return ExitCode::interrupted;
      throw std::runtime_error("no trial came to a model: " + result.fault);
    }
    line_.note("best of " + std::to_string(result.trials) + " trials: " + nlp::describe(result.settings) +
               ": " + x_.metric + " " + number(result.score));
    if (whole_ && !Interrupt::requested() && o.model_bytes == 0) {
      // What was held out is learnt from as well, now that it has told the settings.
      line_.note("training with these on the whole corpus");
      nlp::ClassifierState state;
      nlp::ClassifierTraining options;
      options.seed = common_.seed;
      options.deterministic = x_.trials > 0 || x_.deterministic || workers_.size() == 1;
      options.progress = [&](const nlp::ClassifierProgress& p) {
        show(p);
        return !Interrupt::requested();
      };
      EmbeddingModel model =
          nlp::new_classifier(*whole_, result.settings, common_.seed, workers_, begin_with.get());
      const nlp::TrainingEnd end = nlp::train_classifier(model, *whole_, options, workers_, state);
      line_.close();
      if (end == nlp::TrainingEnd::finished) result.model = std::move(model);
    }
    save(std::move(result.model));
    return Interrupt::requested() ? ExitCode::interrupted : ExitCode::ok;
  }

  static std::string number(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", x);
    return text;
  }

  void show(const nlp::ClassifierProgress& p) { line_.show(progress_text("fasttext", p)); }

  void save(EmbeddingModel model) {
    if (!model.quantized_input && x_.output.size() > 4 && x_.output.ends_with(".ftz"))
      nlp::quantize(model, {}, workers_);
    nlp::write_embedding(model, x_.output);
    std::error_code none;
    const auto bytes = std::filesystem::file_size(x_.output, none);
    char text[64];
    std::snprintf(text, sizeof text, " (%.1f MB)", static_cast<double>(none ? 0 : bytes) / 1e6);
    line_.note("wrote " + x_.output + text);
  }

  const CommonOptions& common_;
  const Options x_;
  const RecipeOptions& given_;
  const Workers workers_;
  ProgressLine line_;
  ReadingProgress reading_{"fasttext", line_};
  nlp::LabelForm form_{};
  std::unique_ptr<EmbeddingModel> from_;
  Examples examples_;
  std::unique_ptr<Examples> whole_;
  std::optional<Examples> validation_;
};

int refuse(const char* why) {
  std::fprintf(stderr, "weft train fasttext --supervised: %s\n", why);
  return ExitCode::usage;
}

}  // namespace

int train_supervised(const CLI::App& command, const CommonOptions& common,
                     const std::vector<std::string>& words) {
  RecipeOptions options("weft train fasttext --supervised", "Train a text classifier as fastText does");
  Options x;
  declare(options, x);
  switch (options.parse(command, words)) {
    case RecipeOptions::Parsed::help_was_printed:
      return ExitCode::ok;
    case RecipeOptions::Parsed::refused:
      return ExitCode::usage;
    case RecipeOptions::Parsed::go_on:
      break;
  }
  if (options.lacks_sample("corpus"))
    return refuse(
        "option `--corpus` is needed: the labelled lines to learn from; its default, a sample, isn't here");
  if (options.given("min_n") && options.given("max_n") &&
      (x.min_n > x.max_n || (x.min_n == 0) != (x.max_n == 0)))
    return refuse("--min_n must not be above --max_n; 0 and 0 are none");
  if (!x.model_size.empty() && bytes_of(x.model_size) == 0)
    return refuse("--model_size expects a number of bytes such as 500k or 2M");
  if (!x.model_size.empty() && x.autotune <= 0 && x.trials == 0)
    return refuse("--model_size needs a search: --autotune SECONDS or --trials N");
  if (!x.from.empty()) {
    if (x.autotune > 0 || x.trials > 0 || !x.pretrained.empty())
      return refuse("--from has its model's settings and vectors: no search, and no --pretrained");
    for (const char* name : {"dimension", "word_ngrams", "min_n", "max_n", "buckets"})
      if (options.given(name)) return refuse("--from has its model's dimension and n-grams");
  }
  if (x.patience > 0 && x.validation.empty() && x.holdout <= 0)
    return refuse("--patience needs --validation FILE or --holdout SHARE");
  return Run(common, x, options).run();
}

}  // namespace weft::repl
