#include "nlp/embedding/train/train_embedding.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

#include "nlp/embedding/train/checkpoint.h"
#include "nlp/embedding/train/corpus_tokens.h"
#include "nlp/embedding/train/line_trainer.h"
#include "nlp/embedding/train/start_model.h"

namespace weft::nlp {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

constexpr std::int64_t kLongestLine = 1024;  // words; what is longer is cut, as fastText does
// Pieces that are trained side by side in a deterministic training; more would make the changes that are
// added up too stale, and less leave threads idle.
constexpr std::int64_t kSideBySide = 4;

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument("[train embedding] expected " + what);
}

void check(const EmbeddingSettings& s) {
  if (s.task == EmbeddingTask::supervised) refuse("skip-gram or CBOW, got a classifier");
  if (s.loss != EmbeddingLoss::negative_sampling && s.loss != EmbeddingLoss::hierarchical_softmax)
    refuse("negative sampling or hierarchical softmax as loss");
  if (s.dimension < 1 || s.dimension > 1 << 16) refuse("a dimension from 1 to 65536");
  if (s.window < 1 || s.window > 500) refuse("a window from 1 to 500");
  if (s.epochs < 0) refuse("at least 0 epochs");
  if (s.negatives < 0 || s.negatives > 1000) refuse("from 0 to 1000 negatives");
  if (!(s.rate >= 0)) refuse("a rate of at least 0");
}

std::string number(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", x);
  return text;
}

/// What must be the same for a training to go on.
std::string describe(const EmbeddingModel& model, const EmbeddingTraining& training,
                     const CorpusTokens& corpus) {
  const EmbeddingSettings& s = model.settings;
  std::uint32_t hash = 0;
  for (std::int32_t w = 0; w < model.dictionary.words(); ++w)
    hash = (hash * 31 + fasttext_hash(model.dictionary.text(w))) * 31 +
           static_cast<std::uint32_t>(model.dictionary.count(w));
  std::string out = training.deterministic ? "deterministic" : "hogwild";
  for (const std::int64_t x :
       {static_cast<std::int64_t>(s.task), static_cast<std::int64_t>(s.loss),
        static_cast<std::int64_t>(s.dimension), static_cast<std::int64_t>(s.window),
        static_cast<std::int64_t>(s.epochs), static_cast<std::int64_t>(s.negatives), s.min_count,
        static_cast<std::int64_t>(s.buckets), static_cast<std::int64_t>(s.min_n),
        static_cast<std::int64_t>(s.max_n), static_cast<std::int64_t>(training.seed),
        static_cast<std::int64_t>(training.start != nullptr), corpus.store.tokens(), corpus.store.chunks(),
        model.input.rows(), static_cast<std::int64_t>(hash)})
    out += " " + std::to_string(x);
  return out + " " + number(s.rate) + " " + number(s.sample) + " " + number(s.noise_power);
}

/// The word of the first row that holds what is no number, or -1.
std::int64_t first_fault(const EmbeddingModel& model) {
  for (const Matrix* m : {&model.input, &model.output})
    for (std::int64_t i = 0; i < m->rows(); ++i) {
      float sum = 0;
      for (const float x : (*m)[i]) sum += x - x;  // 0, or NaN
      if (sum != 0 || sum != sum) return i;
    }
  return -1;
}

/// The passes over the tokens.
class Trainer {
 public:
  Trainer(const TrainingData& data, const CorpusTokens& corpus, const Workers& workers,
          const EmbeddingTraining& training, std::string run)
      : data_(data),
        settings_(data.settings()),
        corpus_(corpus),
        workers_(workers),
        training_(training),
        run_(std::move(run)),
        begun_(Clock::now()),
        reported_(begun_),
        saved_(begun_) {
    if (training.deterministic) {
      for (std::int64_t v = 0; v < kSideBySide; ++v)
        copies_.push_back(std::make_unique<LineTrainer<CopiedRows>>(
            data, CopiedRows(data.model->input, data.model->output)));
    } else {
      for (int t = 0; t < workers.size(); ++t)
        shared_.push_back(std::make_unique<LineTrainer<SharedRows>>(
            data, SharedRows(data.model->input, data.model->output)));
    }
  }

  /// False where it was stopped.
  bool run(TrainingPlace place) {
    resumed_words_ = place.epoch * corpus_.store.tokens() +
                     (place.chunk < corpus_.store.chunks() ? corpus_.store.tokens_before(place.chunk) : 0);
    words_ = resumed_words_;
    while (place.epoch < settings_.epochs) {
      epoch_ = place.epoch;
      next_ = place.chunk;
      pause_ = false;
      if (training_.deterministic)
        side_by_side();
      else
        together();
      if (fault_) std::rethrow_exception(fault_);
      place.chunk = std::min(next_.load(), corpus_.store.chunks());
      if (place.chunk == corpus_.store.chunks()) {
        if (!stopped_) report(true);
        place.chunk = 0;
        ++place.epoch;
      }
      save(place);
      if (stopped_ && place.epoch < settings_.epochs) return false;
    }
    return true;
  }

 private:
  /// All threads on the same rows, until the epoch ends or it is time for something else.
  void together() {
    workers_.for_each_range(workers_.size(), 1, [&](std::int64_t t, std::int64_t) {
      try {
        std::vector<std::uint32_t> buffer;
        std::vector<std::int32_t> line;
        auto& trainer = *shared_[static_cast<std::size_t>(t)];
        while (!pause_) {
          const std::int64_t chunk = next_.fetch_add(1);
          if (chunk >= corpus_.store.chunks()) break;
          train(trainer, chunk, buffer, line);
          chunk_done(trainer, chunk);
          if (training_.progress) report(false);
        }
      } catch (...) {
        keep_fault();
      }
    });
  }

  /// kSideBySide chunks at a time, each on copies of its own.
  void side_by_side() {
    struct Buffers {
      std::vector<std::uint32_t> tokens;
      std::vector<std::int32_t> line;
    };
    Buffers buffers[kSideBySide];
    while (!pause_ && next_ < corpus_.store.chunks()) {
      const std::int64_t first = next_;
      const std::int64_t count = std::min(kSideBySide, corpus_.store.chunks() - first);
      workers_.for_each_range(count, 1, [&](std::int64_t v, std::int64_t) {
        try {
          const auto i = static_cast<std::size_t>(v);
          train(*copies_[i], first + v, buffers[v].tokens, buffers[v].line);
        } catch (...) {
          keep_fault();
        }
      });
      if (fault_) return;
      for (const int which : {0, 1}) add_changes(which, count);
      for (std::int64_t v = 0; v < count; ++v) {
        auto& trainer = *copies_[static_cast<std::size_t>(v)];
        trainer.rows().clear();
        chunk_done(trainer, first + v);
      }
      next_ = first + count;
      if (fault_) return;
      if (training_.progress) report(false);
    }
  }

  /// Adds up what became of the copies, in their order. Where c pieces have changed a row, each has brought
  /// it some share a of the way to where it would rest; one after the other they would have brought it 1 - (1
  /// - a)^c of the way, while their sum is c a, which may be far beyond. So each counts for the ratio of
  /// these. With a step's share of 2 rate (a curvature of 2: sigmoid' <= 1/4, squares of rows up to about 8)
  /// a = 1 - e^(-2 rate uses).
  void add_changes(int which, std::int64_t count) {
    const Matrix& matrix = which == 0 ? data_.model->input : data_.model->output;
    std::vector<Use>& use = use_[which];
    use.resize(static_cast<std::size_t>(matrix.rows()));
    const double step = 2 * rate_at(words_);
    for (std::int64_t v = 0; v < count; ++v) {
      const CopiedRows& rows = copies_[static_cast<std::size_t>(v)]->rows();
      for (std::int64_t c = 0; c < rows.count(which); ++c) {
        Use& u = use[static_cast<std::size_t>(rows.row_of(which, c))];
        ++u.pieces;
        u.uses += rows.uses(which, c);
      }
    }
    for (std::int64_t v = 0; v < count; ++v) {
      CopiedRows& rows = copies_[static_cast<std::size_t>(v)]->rows();
      workers_.for_each_range(rows.count(which), 128, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t c = begin; c < end; ++c) {
          const Use& u = use[static_cast<std::size_t>(rows.row_of(which, c))];
          double share = 1;
          if (u.pieces > 1) {
            const double left = std::exp(-step * u.uses / u.pieces);
            if (left < 1) share = (1 - std::pow(left, u.pieces)) / (u.pieces * (1 - left));
          }
          rows.apply(which, c, static_cast<float>(share));
        }
      });
    }
    for (std::int64_t v = 0; v < count; ++v) {
      const CopiedRows& rows = copies_[static_cast<std::size_t>(v)]->rows();
      for (std::int64_t c = 0; c < rows.count(which); ++c)
        use[static_cast<std::size_t>(rows.row_of(which, c))] = {};
    }
  }

  /// The rate after so many words: it falls linearly.
  double rate_at(std::int64_t words) const {
    const double all = static_cast<double>(settings_.epochs) * static_cast<double>(corpus_.store.tokens());
    return settings_.rate * std::max(0.0, 1 - static_cast<double>(words) / std::max(1.0, all));
  }

  template <class Rows>
  void train(LineTrainer<Rows>& trainer, std::int64_t chunk, std::vector<std::uint32_t>& buffer,
             std::vector<std::int32_t>& line) {
    RandomStream random(training_.seed, static_cast<std::uint64_t>(epoch_) + 1,
                        static_cast<std::uint64_t>(chunk));
    const auto tokens = corpus_.store.chunk(chunk, buffer);
    const std::int64_t before = epoch_ * corpus_.store.tokens() + corpus_.store.tokens_before(chunk);
    std::int64_t seen = 0;
    line.clear();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::int32_t word = corpus_.map[tokens[i]];
      if (word >= 0) {
        ++seen;
        // a draw for each word, kept or not
        if (static_cast<std::uint32_t>(random.next() >> 32) <= data_.keep[static_cast<std::size_t>(word)])
          line.push_back(word);
      }
      if (tokens[i] != corpus_.line_end && seen < kLongestLine && i + 1 < tokens.size()) continue;
      if (!line.empty())
        trainer.train(line, static_cast<float>(rate_at(before + static_cast<std::int64_t>(i))), random);
      line.clear();
      seen = 0;
    }
  }

  template <class Rows>
  void chunk_done(LineTrainer<Rows>& trainer, std::int64_t chunk) {
    const std::int64_t end =
        chunk + 1 < corpus_.store.chunks() ? corpus_.store.tokens_before(chunk + 1) : corpus_.store.tokens();
    words_ += end - corpus_.store.tokens_before(chunk);
    {
      const std::lock_guard lock(mutex_);
      loss_ += trainer.loss;
      predictions_ += trainer.predictions;
    }
    if (!std::isfinite(trainer.loss)) throw_diverged();
    trainer.loss = trainer.predictions = 0;
    if (training_.stop && training_.stop()) stopped_ = pause_ = true;
    if (!training_.checkpoint.empty() && seconds_since(saved_) > training_.checkpoint_seconds) pause_ = true;
  }

  [[noreturn]] void throw_diverged() {
    throw EmbeddingDiverged("the vectors are no longer numbers after " + std::to_string(words_.load()) +
                            " words: steps of rate " + number(settings_.rate) + " are too long; try --rate " +
                            number(settings_.rate / 4));
  }

  void keep_fault() {
    pause_ = true;
    const std::lock_guard lock(mutex_);
    if (!fault_) fault_ = std::current_exception();
  }

  void report(bool epoch_done) {
    if (!training_.progress) return;
    std::unique_lock lock(mutex_, std::defer_lock);
    if (epoch_done)
      lock.lock();
    else if (!lock.try_lock())
      return;
    if (!epoch_done && (seconds_since(reported_) < 0.1 || seconds_since(begun_) < 1)) return;
    reported_ = Clock::now();
    EmbeddingProgress p;
    p.epoch = epoch_ + 1;
    p.epochs = settings_.epochs;
    p.words = words_;
    p.all_words = settings_.epochs * corpus_.store.tokens();
    const double seconds = std::max(1e-9, seconds_since(begun_));
    p.words_per_second = static_cast<double>(p.words - resumed_words_) / seconds;
    p.rate = rate_at(p.words);
    p.loss = predictions_ > 0 ? loss_ / predictions_ : 0;
    p.seconds_left =
        p.words_per_second > 0 ? static_cast<double>(p.all_words - p.words) / p.words_per_second : 0;
    p.epoch_done = epoch_done;
    loss_ /= 2;
    predictions_ /= 2;
    training_.progress(p);
  }

  void save(const TrainingPlace& place) {
    saved_ = Clock::now();
    if (training_.checkpoint.empty()) return;
    TrainingPlace now = place;
    now.finished = place.epoch == settings_.epochs;
    write_checkpoint(training_.checkpoint, run_, *data_.model, now);
    saved_ = Clock::now();
  }

  const TrainingData& data_;
  const EmbeddingSettings& settings_;
  const CorpusTokens& corpus_;
  const Workers& workers_;
  const EmbeddingTraining& training_;
  std::string run_;
  std::vector<std::unique_ptr<LineTrainer<SharedRows>>> shared_;
  std::vector<std::unique_ptr<LineTrainer<CopiedRows>>> copies_;

  struct Use {
    std::uint32_t pieces = 0, uses = 0;
  };
  std::vector<Use> use_[2];  // by row of the input and of the output: how the pieces at hand used it

  std::int64_t epoch_ = 0, resumed_words_ = 0;
  std::atomic<std::int64_t> next_{0}, words_{0};
  std::atomic<bool> pause_{false}, stopped_{false};
  Clock::time_point begun_, reported_, saved_;

  std::mutex mutex_;  // for what follows, and reported_
  double loss_ = 0, predictions_ = 0;
  std::exception_ptr fault_;
};

}  // namespace

EmbeddingResult train_embedding(TextBlocks& text, const EmbeddingSettings& settings, const Workers& workers,
                                const EmbeddingTraining& training) {
  check(settings);
  const Clock::time_point begun = Clock::now();
  EmbeddingResult result;
  EmbeddingModel& model = result.model;
  model.settings = settings;
  const EmbeddingModel* const start = training.start;
  if (start != nullptr) {
    const EmbeddingSettings& s = start->settings;
    if (start->quantized_input != nullptr) refuse("vectors that aren't quantized to go on from");
    if (const std::int64_t fault = first_fault(*start); fault >= 0)
      throw EmbeddingDiverged("the vectors to go on from hold what is no number, in row " +
                              std::to_string(fault));
    model.settings.dimension = s.dimension;
    model.settings.buckets = s.buckets;
    model.settings.min_n = s.min_n;
    model.settings.max_n = s.max_n;
  }
  CorpusTokens corpus;
  const Dictionary* const known = start != nullptr ? &start->dictionary : nullptr;
  if (!read_corpus(text, workers, {settings.min_count, training.tokens, known, training.stop}, corpus)) {
    result.finished = false;
    return result;
  }
  model.dictionary = std::move(corpus.dictionary);
  result.words = corpus.store.tokens();
  result.distinct = corpus.distinct;
  result.reading_seconds = seconds_since(begun);
  const bool only_line_ends = model.dictionary.words() == 1 && model.dictionary.text(0) == kLineEnd;
  if (model.dictionary.words() == 0 || (only_line_ends && start == nullptr)) {
    throw EmbeddingCorpusFault(corpus.distinct <= 1
                                   ? "the corpus has no words"
                                   : "none of the corpus' " + std::to_string(corpus.distinct - 1) +
                                         " different words is there " + std::to_string(settings.min_count) +
                                         " times; try --min_count 1");
  }

  const Clock::time_point prepared = Clock::now();
  TrainingData data;
  data.model = &model;
  data.rows = WordRows(model.dictionary, model.settings);
  std::vector<std::int64_t> counts;
  for (std::int32_t w = 0; w < model.dictionary.words(); ++w) counts.push_back(model.dictionary.count(w));
  if (settings.loss == EmbeddingLoss::hierarchical_softmax) {
    // a grown vocabulary isn't sorted, and the tree wants it so
    data.tree = HuffmanTree::of_any(counts);
  } else {
    data.noise = Noise(counts, settings.noise_power);
  }
  data.keep = keep_thresholds(model.dictionary, settings.sample);
  start_model(model, data.rows, training.seed, start);

  corpus.dictionary = Dictionary();
  TrainingPlace place;
  std::string run;
  if (!training.checkpoint.empty()) {
    run = describe(model, training, corpus);
    if (read_checkpoint(training.checkpoint, run, model, place) && training.note) {
      training.note(place.finished ? "the checkpoint " + training.checkpoint.string() + " is finished"
                                   : "going on from " + training.checkpoint.string() + " in epoch " +
                                         std::to_string(place.epoch + 1));
    }
  }
  Trainer trainer(data, corpus, workers, training, run);
  result.finished = trainer.run(place);
  if (first_fault(model) >= 0) {
    throw EmbeddingDiverged("the vectors are no longer numbers: steps of rate " + number(settings.rate) +
                            " are too long; try --rate " + number(settings.rate / 4));
  }
  result.training_seconds = seconds_since(prepared);
  return result;
}

}  // namespace weft::nlp
