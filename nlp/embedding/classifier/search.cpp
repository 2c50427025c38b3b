#include "nlp/embedding/classifier/search.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <new>
#include <numbers>
#include <optional>
#include <vector>

#include "nlp/embedding/classifier/quantize.h"
#include "nlp/embedding/classifier/random.h"
#include "nlp/embedding/classifier/train.h"

namespace weft::nlp {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kTogether = 4;

/// Draws settings.
class Proposals {
 public:
  explicit Proposals(const SearchOptions& options) : options_(options) {}

  EmbeddingSettings draw(std::int64_t number, const EmbeddingSettings& best, double done) {
    number_ = number;
    draws_ = 0;
    if (number == 0) return options_.start;
    // What has served many corpora: epochs, rate, dimension, word n-grams, characters, buckets.
    struct Known {
      std::int32_t epochs;
      double rate;
      std::int32_t dimension, words, min_n, max_n, buckets;
    };
    static constexpr Known kKnown[] = {{25, 0.5, 100, 2, 0, 0, 200000},  {10, 0.5, 100, 2, 0, 0, 200000},
                                       {25, 0.5, 100, 1, 3, 5, 500000},  {25, 1.0, 100, 2, 0, 0, 500000},
                                       {25, 0.5, 100, 2, 4, 5, 1000000}, {10, 0.2, 50, 3, 0, 0, 500000},
                                       {5, 0.1, 100, 1, 0, 0, 0}};
    if (number <= static_cast<std::int64_t>(std::size(kKnown))) {
      const Known& k = kKnown[number - 1];
      EmbeddingSettings s = options_.start;
      s.epochs = k.epochs;
      s.rate = k.rate;
      s.dimension = k.dimension;
      s.word_ngrams = k.words;
      s.min_n = k.min_n;
      s.max_n = k.max_n;
      s.buckets = k.buckets;
      return kept(s);
    }
    const double wide = 1 - 0.75 * std::min(1.0, done);
    EmbeddingSettings s = best;
    s.epochs = static_cast<std::int32_t>(std::lround(scaled(s.epochs, 1.5 * wide, 1, 100)));
    s.rate = scaled(s.rate, 1.5 * wide, 0.01, 5);
    s.dimension = static_cast<std::int32_t>(std::lround(scaled(s.dimension, 0.8 * wide, 8, 512)));
    s.word_ngrams =
        std::clamp(s.word_ngrams + static_cast<std::int32_t>(std::lround(1.2 * wide * normal())), 1, 4);
    if (unit() < 0.5 * wide) {
      static constexpr std::int32_t kRuns[][2] = {{0, 0}, {2, 4}, {2, 5}, {3, 5}, {3, 6}};
      const auto& run = kRuns[static_cast<std::size_t>(unit() * 5)];
      s.min_n = run[0];
      s.max_n = run[1];
    }
    s.buckets = static_cast<std::int32_t>(
        std::lround(scaled(s.buckets > 0 ? s.buckets : 200000, 1.2 * wide, 10000, 4000000)));
    return kept(s);
  }

 private:
  double unit() {
    return random_unit(
        random_bits(options_.seed, RandomUse::search, static_cast<std::uint64_t>(number_), draws_++));
  }
  double normal() {  // Box and Muller 1958
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }
  double scaled(double x, double deviation, double least, double most) {
    return std::clamp(x * std::exp2(deviation * normal()), least, most);
  }
  EmbeddingSettings kept(EmbeddingSettings s) const {
    const EmbeddingSettings& start = options_.start;
    if (options_.fixed.epochs) s.epochs = start.epochs;
    if (options_.fixed.rate) s.rate = start.rate;
    if (options_.fixed.dimension) s.dimension = start.dimension;
    if (options_.fixed.word_ngrams) s.word_ngrams = start.word_ngrams;
    if (options_.fixed.subwords) {
      s.min_n = start.min_n;
      s.max_n = start.max_n;
    }
    if (options_.fixed.buckets) s.buckets = start.buckets;
    if (s.word_ngrams <= 1 && s.max_n == 0) s.buckets = 0;
    if (s.buckets == 0 && (s.word_ngrams > 1 || s.max_n > 0)) s.buckets = 200000;
    return s;
  }

  const SearchOptions& options_;
  std::int64_t number_ = 0;
  std::uint64_t draws_ = 0;
};

struct Outcome {
  SearchTrial trial;
  EmbeddingModel model;
  bool usable = false;
};

}  // namespace

std::string describe(const EmbeddingSettings& s) {
  char text[200];
  int n = std::snprintf(text, sizeof text, "%d epochs, rate %.3g, dimension %d, word n-grams to %d", s.epochs,
                        s.rate, s.dimension, s.word_ngrams);
  std::string out(text, static_cast<std::size_t>(n));
  if (s.max_n > 0) out += ", characters " + std::to_string(s.min_n) + " to " + std::to_string(s.max_n);
  if (s.buckets > 0) out += ", " + std::to_string(s.buckets) + " buckets";
  return out;
}

SearchResult search_settings(const Examples& examples, const Examples& validation,
                             const SearchOptions& options, const Workers& workers) {
  const Clock::time_point start = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const auto in_time = [&] { return options.seconds <= 0 || seconds() < options.seconds; };
  std::mutex asking;
  std::atomic<bool> stop{false};
  const auto going_on = [&] {
    const std::lock_guard lock(asking);
    if (options.going_on && !options.going_on()) stop = true;
    return !stop;
  };

  SearchResult best;
  best.settings = options.start;
  Proposals proposals(options);
  const auto work = [&](Outcome& out) {
    const Clock::time_point began = Clock::now();
    SearchTrial& t = out.trial;
    const Workers alone(1);
    try {
      if (classifier_bytes(examples, t.settings) > options.memory / kTogether) throw std::bad_alloc();
      EmbeddingModel model = new_classifier(examples, t.settings, options.seed, alone, options.pretrained);
      ClassifierTraining training;
      training.seed = options.seed;
      training.deterministic = true;
      training.progress = [&](const ClassifierProgress&) { return in_time() && going_on(); };
      ClassifierState state;
      const TrainingEnd end = train_classifier(model, examples, training, alone, state);
      if (end == TrainingEnd::stopped && (t.number != 1 || stop)) {
        t.fault = "dropped, the time is up";
      } else {
        if (options.model_bytes > 0) {
          QuantizeOptions q;
          q.norms = true;
          q.output = model.output.rows() >= 256;
          q.seed = options.seed;
          q.cutoff = cutoff_for(model, q, options.model_bytes);
          if (q.cutoff < 256) throw std::invalid_argument("no model of that size: it can't be cut so far");
          quantize(model, q, alone);
        }
        // A cut model's words are not the corpus' any more: its texts are looked up as any others.
        t.score = evaluate(model, validation, options.metric, alone);
        out.model = std::move(model);
        out.usable = true;
      }
    } catch (const TrainingDiverged&) {
      t.fault = "diverged";
    } catch (const std::bad_alloc&) {
      t.fault = "would take too much memory";
    } catch (const std::exception& e) {
      t.fault = e.what();
    }
    t.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  };

  for (std::int64_t number = 0;
       in_time() && going_on() && (options.trials <= 0 || number < options.trials);) {
    const std::int64_t n = options.trials > 0 ? std::min(kTogether, options.trials - number) : kTogether;
    std::vector<Outcome> outcomes(static_cast<std::size_t>(n));
    const double done = options.trials > 0 ? static_cast<double>(number) / static_cast<double>(options.trials)
                                           : seconds() / std::max(options.seconds, 1e-9);
    for (std::int64_t i = 0; i < n; ++i) {
      outcomes[static_cast<std::size_t>(i)].trial.number = number + i + 1;
      outcomes[static_cast<std::size_t>(i)].trial.settings = proposals.draw(number + i, best.settings, done);
    }
    workers.for_each_range(n, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) work(outcomes[static_cast<std::size_t>(i)]);
    });
    for (Outcome& o : outcomes) {
      if (o.usable && (best.model.dictionary.size() == 0 || o.trial.score > best.score)) {
        o.trial.best = true;
        best.score = o.trial.score;
        best.settings = o.trial.settings;
        best.model = std::move(o.model);
      }
      if (!o.trial.fault.empty()) best.fault = o.trial.fault;
      ++best.trials;
      if (options.trial) options.trial(o.trial);
    }
    number += n;
    if (options.trials <= 0 && options.seconds <= 0) break;
  }
  return best;
}

}  // namespace weft::nlp
