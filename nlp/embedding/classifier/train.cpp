#include "nlp/embedding/classifier/train.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

#include "kernels/prefetch.h"
#include "nlp/embedding/classifier/features.h"
#include "nlp/embedding/classifier/order.h"
#include "nlp/embedding/classifier/random.h"
#include "nlp/embedding/classifier/step.h"

namespace weft::nlp {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr std::int64_t kPiece = 256;      // examples that a thread takes at once
constexpr std::int64_t kSegment = 65536;  // examples between two looks at the checkpoint

void copy(const Matrix& from, Matrix& to) {
  if (to.rows() != from.rows() || to.columns() != from.columns()) to = Matrix(from.rows(), from.columns());
  std::memcpy(to.row(0), from.row(0), static_cast<std::size_t>(from.rows() * from.stride()) * sizeof(float));
}

std::int64_t input_rows(const Examples& examples, const EmbeddingSettings& settings) {
  return std::int64_t{examples.words()} + settings.buckets;
}

class Trainer {
 public:
  Trainer(EmbeddingModel& model, const Examples& examples, const ClassifierTraining& options,
          const Workers& workers, ClassifierState& state)
      : model_(model),
        examples_(examples),
        options_(options),
        workers_(workers),
        state_(state),
        step_(model),
        features_(model, examples),
        all_(static_cast<double>(examples.size()) * model.settings.epochs) {}

  TrainingEnd run(EmbeddingModel* best) {
    EmbeddingModel own;
    if (!best) best = &own;
    start_ = Clock::now();
    while (state_.epoch < model_.settings.epochs) {
      if (!epoch()) {
        checkpoint(*best);
        return TrainingEnd::stopped;
      }
      ++state_.epoch;
      state_.position = 0;
      if (!options_.validate) continue;
      const double score = options_.validate(model_, state_.epoch);
      if (state_.best_epoch < 0 || score > state_.best_score) {
        state_.best_score = score;
        state_.best_epoch = state_.epoch;
        copy(model_.input, best->input);
        copy(model_.output, best->output);
      } else if (options_.patience > 0 && state_.epoch - state_.best_epoch >= options_.patience) {
        take(*best);
        return TrainingEnd::early;
      }
    }
    if (options_.validate && state_.best_epoch != state_.epoch) take(*best);
    return TrainingEnd::finished;
  }

 private:
  static constexpr std::size_t kTogether = ClassifierKernels::kMostSteps;
  struct Thread {
    StepScratch scratch;
    std::vector<std::int32_t> rows[2][kTogether];
    std::vector<std::uint32_t> hashes;
  };

  void take(EmbeddingModel& best) {
    if (best.input.empty()) return;
    std::swap(model_.input, best.input);
    std::swap(model_.output, best.output);
  }

  void checkpoint(const EmbeddingModel& best) {
    if (options_.checkpoint) options_.checkpoint(model_, best.input.empty() ? nullptr : &best, state_);
  }

  /// False where it was stopped.
  bool epoch() {
    const Order order(examples_.size(), options_.seed, static_cast<std::uint64_t>(state_.epoch));
    loss_ = 0;
    seen_ = 0;
    while (state_.position < examples_.size()) {
      const std::int64_t begin = state_.position, end = std::min(begin + kSegment, examples_.size());
      done_ = 0;
      const auto body = [&](std::int64_t b, std::int64_t e) { piece(order, begin + b, begin + e); };
      if (options_.deterministic) {
        for (std::int64_t b = begin; b < end && !stop_; b += kPiece) {
          piece(order, b, std::min(b + kPiece, end));
        }
      } else {
        workers_.for_each_range(end - begin, kPiece, body);
      }
      if (diverged_) tell_divergence();
      // Pieces that other threads left are not known one by one: where it was stopped it goes on after as
      // many as were done.
      state_.position = begin + done_;
      if (stop_) return false;
      if (options_.checkpoint && state_.position < examples_.size())
        options_.checkpoint(model_, nullptr, state_);
    }
    return true;
  }

  float rate_at(std::int64_t position) const {
    const double done = static_cast<double>(state_.epoch) * static_cast<double>(examples_.size()) +
                        static_cast<double>(position);
    return static_cast<float>(model_.settings.rate * std::max(0.0, 1 - done / all_));
  }

  void piece(const Order& order, std::int64_t begin, std::int64_t end) {
    if (stop_) return;
    const std::unique_ptr<Thread> thread = borrow();
    double loss = 0;
    std::int64_t words = 0;
    const float rate = rate_at(begin);
    const auto together = static_cast<std::int64_t>(step_.together());
    // The rows of the next examples are on their way while these are at work.
    StepExample now[kTogether], next[kTogether];
    std::size_t count = look_up(order, begin, std::min(begin + together, end), *thread, 0, now, words);
    for (std::int64_t i = begin; i < end; i += together) {
      const std::int64_t after = std::min(i + together, end);
      const std::size_t half = static_cast<std::size_t>((i - begin) / together + 1) % 2;
      const std::size_t ahead =
          look_up(order, after, std::min(after + together, end), *thread, half, next, words);
      if (count > 0) {
        const double l = step_({now, count}, rate, thread->scratch);
        if (!(l < std::numeric_limits<double>::infinity())) {
          note_divergence(i, rate);
          break;
        }
        loss += l;
      }
      std::copy_n(next, ahead, now);
      count = ahead;
    }
    report(loss, end - begin, words, rate);
    give_back(std::move(*thread));
  }

  /// What is learnt from the examples [begin, end) of an order, without those that have no rows; how many.
  /// Rows go to one half of the thread's.
  std::size_t look_up(const Order& order, std::int64_t begin, std::int64_t end, Thread& thread,
                      std::size_t half, StepExample (&out)[kTogether], std::int64_t& words) const {
    std::size_t count = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t at = order[i];
      const Examples::Example example = examples_[at];
      std::vector<std::int32_t>& own = thread.rows[half][count];
      features_.rows(example, thread.hashes, own);
      if (own.empty()) continue;
      words += static_cast<std::int64_t>(example.words.size());
      prefetch_rows(own);
      const auto number = static_cast<std::uint64_t>(state_.epoch * examples_.size() + at);
      out[count++] = {own, example.labels, {options_.seed, number}};
    }
    for (std::int64_t i = end; i < std::min(2 * end - begin, examples_.size()); ++i)
      __builtin_prefetch(examples_.address(order[i]));
    return count;
  }

  void prefetch_rows(const std::vector<std::int32_t>& rows) const {
    const std::int64_t bytes = model_.input.stride() * static_cast<std::int64_t>(sizeof(float));
    for (const std::int32_t r : rows) prefetch(model_.input.row(r), bytes);
  }

  std::unique_ptr<Thread> borrow() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<Thread>(Thread{StepScratch(model_, step_.outputs()), {}, {}});
    auto out = std::make_unique<Thread>(std::move(idle_.back()));
    idle_.pop_back();
    return out;
  }

  void give_back(Thread thread) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(thread));
  }

  void report(double loss, std::int64_t examples, std::int64_t words, float rate) {
    const std::lock_guard lock(mutex_);
    loss_ += loss;
    seen_ += examples;
    done_ += examples;
    words_ += words;
    steps_ += examples;
    const double seconds = seconds_since(start_);
    if (!options_.progress || seconds - told_ < 0.1) return;
    told_ = seconds;
    ClassifierProgress p;
    p.epoch = state_.epoch + 1;
    p.epochs = model_.settings.epochs;
    p.done = std::min(1.0, (static_cast<double>(state_.epoch) * static_cast<double>(examples_.size()) +
                            static_cast<double>(state_.position + done_)) /
                               all_);
    p.loss = loss_ / static_cast<double>(std::max<std::int64_t>(seen_, 1));
    p.rate = static_cast<double>(rate);
    p.words_per_second = static_cast<double>(words_) / std::max(seconds, 1e-9);
    p.seconds_left = seconds / std::max(static_cast<double>(steps_), 1.0) * all_ * (1 - p.done);
    if (!options_.progress(p)) stop_ = true;
  }

  void note_divergence(std::int64_t position, float rate) {
    const std::lock_guard lock(mutex_);
    if (!diverged_) {
      diverged_at_ = position;
      diverged_rate_ = rate;
    }
    diverged_ = true;
    stop_ = true;
  }

  [[noreturn]] void tell_divergence() const {
    char rates[64];
    std::snprintf(rates, sizeof rates, "%g and %g", static_cast<double>(diverged_rate_),
                  model_.settings.rate);
    const std::string said(rates);
    const std::size_t middle = said.find(" and ");
    throw TrainingDiverged("the loss is no number any more in epoch " + std::to_string(state_.epoch + 1) +
                           ", after " + std::to_string(diverged_at_) + " of its " +
                           std::to_string(examples_.size()) + " examples: at a rate of " +
                           said.substr(0, middle) +
                           " the scores grew beyond what a float holds; begin with a "
                           "lower rate than " +
                           said.substr(middle + 5));
  }

  EmbeddingModel& model_;
  const Examples& examples_;
  const ClassifierTraining& options_;
  const Workers& workers_;
  ClassifierState& state_;
  ClassifierStep step_;
  ExampleFeatures features_;
  const double all_;  // examples of all epochs
  Clock::time_point start_;
  std::atomic<bool> stop_{false};

  std::mutex mutex_;  // of what follows
  std::vector<Thread> idle_;
  double loss_ = 0, told_ = 0;
  std::int64_t seen_ = 0, done_ = 0, words_ = 0, steps_ = 0;
  bool diverged_ = false;
  std::int64_t diverged_at_ = 0;
  float diverged_rate_ = 0;
};

void check(const EmbeddingSettings& s) {
  const auto need = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(std::string("[classifier] expected ") + what);
  };
  need(s.task == EmbeddingTask::supervised, "settings of a classifier");
  need(s.dimension >= 1, "a dimension of at least 1");
  need(s.epochs >= 1, "at least 1 epoch");
  need(s.word_ngrams >= 1, "word n-grams of at least 1 word");
  need(s.min_n >= 0 && s.max_n >= s.min_n, "n-grams of min_n <= max_n characters");
  need(s.buckets >= 0, "a number of buckets of at least 0");
  need(s.buckets > 0 || (s.word_ngrams == 1 && s.max_n == 0), "buckets for the n-grams");
  need(std::isfinite(s.rate) && s.rate > 0, "a rate above 0");
}

/// Whether a classifier has the same features, and its words and labels stand first in the corpus'.
bool can_go_on_from(const EmbeddingModel& model, const Examples& examples, const EmbeddingSettings& s) {
  const EmbeddingSettings& m = model.settings;
  const Dictionary &old = model.dictionary, &now = examples.dictionary();
  bool can = m.task == EmbeddingTask::supervised && m.dimension == s.dimension &&
             m.word_ngrams == s.word_ngrams && m.buckets == s.buckets && m.min_n == s.min_n &&
             m.max_n == s.max_n && !model.quantized_input && !model.quantized_output &&
             old.words() <= now.words() && old.labels() <= now.labels();
  for (std::int32_t i = 0; can && i < old.size(); ++i)
    can = old.text(i) == now.text(i < old.words() ? i : i - old.words() + now.words());
  return can;
}

}  // namespace

double classifier_bytes(const Examples& examples, const EmbeddingSettings& settings) {
  const double stride = (settings.dimension + 15) / 16 * 16;
  return (static_cast<double>(input_rows(examples, settings)) + examples.labels()) * stride * sizeof(float);
}

EmbeddingModel new_classifier(const Examples& examples, const EmbeddingSettings& settings, std::uint64_t seed,
                              const Workers& workers, const EmbeddingModel* pretrained,
                              const EmbeddingModel* from) {
  check(settings);
  if (from && !can_go_on_from(*from, examples, settings))
    throw std::invalid_argument(
        "[classifier] expected a classifier of the same n-grams and words to go on from");
  if (pretrained && pretrained->dimension() != settings.dimension) {
    throw std::invalid_argument("[classifier] expected pretrained vectors of dimension " +
                                std::to_string(settings.dimension) + ", got " +
                                std::to_string(pretrained->dimension()));
  }
  const std::int64_t rows = input_rows(examples, settings);
  if (rows > std::numeric_limits<std::int32_t>::max())
    throw std::invalid_argument("[classifier] expected fewer than 2^31 words and buckets");
  EmbeddingModel model;
  model.settings = settings;
  model.dictionary = examples.dictionary();
  model.input = Matrix(rows, settings.dimension);
  model.output = Matrix(examples.labels(), settings.dimension);
  if (from && settings.loss != EmbeddingLoss::hierarchical_softmax) {
    for (std::int32_t l = 0; l < from->dictionary.labels(); ++l)
      std::copy_n(from->output.row(l), settings.dimension, model.output.row(l));
  }
  const auto d = static_cast<std::size_t>(settings.dimension);
  const float scale = 1.0F / static_cast<float>(settings.dimension);
  workers.for_each_range(rows, 4096, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      float* const row = model.input.row(r);
      const bool bucket = r >= examples.words();
      if (from && (bucket || r < from->dictionary.words())) {
        std::copy_n(from->input.row(bucket ? r - examples.words() + from->dictionary.words() : r), d, row);
        continue;
      }
      if (pretrained && r < examples.words() &&
          pretrained->vector(examples.dictionary().text(static_cast<std::int32_t>(r)), {row, d})) {
        continue;
      }
      // Two numbers of 32 bits at a time.
      const std::uint64_t key = random_bits(seed, RandomUse::start, static_cast<std::uint64_t>(r));
      for (std::size_t i = 0; i < d; i += 2) {
        const std::uint64_t bits = mix(key + i);
        row[i] = (static_cast<float>(bits >> 40) * 0x1p-23F - 1) * scale;
        if (i + 1 < d) row[i + 1] = (static_cast<float>((bits >> 8) & 0xFFFFFF) * 0x1p-23F - 1) * scale;
      }
    }
  });
  return model;
}

TrainingEnd train_classifier(EmbeddingModel& model, const Examples& examples,
                             const ClassifierTraining& options, const Workers& workers,
                             ClassifierState& state, EmbeddingModel* best) {
  check(model.settings);
  return Trainer(model, examples, options, workers, state).run(best);
}

}  // namespace weft::nlp
