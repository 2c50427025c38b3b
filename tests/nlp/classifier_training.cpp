#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "nlp/embedding/classifier/checkpoint.h"
#include "nlp/embedding/classifier/evaluate.h"
#include "nlp/embedding/classifier/predict.h"
#include "nlp/embedding/classifier/quantize.h"
#include "nlp/embedding/classifier/search.h"
#include "nlp/embedding/classifier/step.h"
#include "nlp/embedding/classifier/train.h"
#include "tensor/safetensors.h"
#include "tests/catch2.h"
#include "tests/nlp/labelled.h"

using namespace weft;
using namespace weft::nlp;

namespace {

constexpr EmbeddingLoss kLosses[] = {EmbeddingLoss::softmax, EmbeddingLoss::hierarchical_softmax,
                                     EmbeddingLoss::negative_sampling, EmbeddingLoss::one_vs_all};

/// The losses of step.h in float64, from their formulas. `pairs`: rows and targets of the binary ones.
struct Reference {
  std::vector<std::vector<double>> input, output;
  double loss(const std::vector<std::int32_t>& rows, std::int32_t label,
              const std::vector<std::pair<std::int32_t, double>>& pairs) const {
    std::vector<double> h(input[0].size());
    for (const std::int32_t r : rows)
      for (std::size_t d = 0; d < h.size(); ++d)
        h[d] += input[static_cast<std::size_t>(r)][d] / static_cast<double>(rows.size());
    const auto score = [&](std::size_t i) {
      double s = 0;
      for (std::size_t d = 0; d < h.size(); ++d) s += output[i][d] * h[d];
      return s;
    };
    if (!pairs.empty()) {
      double sum = 0;
      for (const auto& [row, target] : pairs) {
        const double p = 1 / (1 + std::exp(-score(static_cast<std::size_t>(row))));
        sum -= target != 0 ? std::log(p) : std::log(1 - p);
      }
      return sum;
    }
    double total = 0;
    for (std::size_t i = 0; i < output.size(); ++i) total += std::exp(score(i));
    return std::log(total) - score(static_cast<std::size_t>(label));
  }
};

std::vector<std::vector<double>> copied(const Matrix& m) {
  std::vector<std::vector<double>> out;
  for (std::int64_t i = 0; i < m.rows(); ++i) out.emplace_back(m[i].begin(), m[i].end());
  return out;
}

void fill(Matrix& m, float scale) {
  for (std::int64_t i = 0; i < m.rows(); ++i)
    for (std::size_t d = 0; d < m[i].size(); ++d)
      m[i][d] = scale * std::sin(static_cast<float>(i * 13 + static_cast<std::int64_t>(d) * 7 + 1));
}

EmbeddingModel trained(const Examples& e, const EmbeddingSettings& s, bool deterministic, int threads,
                       std::uint64_t seed = 3) {
  const Workers workers(threads);
  EmbeddingModel model = new_classifier(e, s, seed, workers);
  ClassifierTraining options;
  options.seed = seed;
  options.deterministic = deterministic;
  ClassifierState state;
  CHECK(train_classifier(model, e, options, workers, state) == TrainingEnd::finished);
  return model;
}

bool same(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.columns() == b.columns() &&
         std::memcmp(a.row(0), b.row(0), static_cast<std::size_t>(a.rows() * a.stride()) * sizeof(float)) ==
             0;
}

struct TemporaryFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("weft-classifier-" + std::to_string(getpid()));
  ~TemporaryFile() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("a step follows the gradient of its loss") {
  const Examples e =
      read("__label__a x\n__label__a y\n__label__a z\n__label__b x y\n__label__b z\n__label__c y\n");
  for (const EmbeddingLoss loss : kLosses) {
    CAPTURE(static_cast<int>(loss));
    EmbeddingSettings s = small_settings(loss);
    s.dimension = 7;
    s.buckets = 11;
    s.negatives = 2;
    EmbeddingModel model = new_classifier(e, s, 1, Workers(1));
    fill(model.input, 0.7F);
    fill(model.output, 0.5F);
    const Reference before{copied(model.input), copied(model.output)};
    const std::vector<std::int32_t> rows{0, 2, 2, 5, 9};
    const std::uint32_t label = 1;
    std::vector<std::pair<std::int32_t, double>> pairs;
    if (loss == EmbeddingLoss::one_vs_all) pairs = {{0, 0}, {1, 1}, {2, 0}};
    if (loss == EmbeddingLoss::hierarchical_softmax) {
      // Counts 3, 2, 1: the least two, b and c, meet in node 0, with a in node 1. c is taken first, so b is
      // right of node 0; that node weighs 3 as a does, which makes the inner node come first of equals, so it
      // is left.
      pairs = {{0, 1}, {1, 0}};
    }
    const float rate = 1e-2F;
    ClassifierStep step(model);
    StepScratch scratch(model, step.outputs());
    const StepExample example{rows, std::span(&label, 1), {5, 3}};
    const double told = step({&example, 1}, rate, scratch);
    if (loss == EmbeddingLoss::negative_sampling) {
      pairs.clear();
      for (std::size_t i = 0; i < scratch.rows.size(); ++i)
        pairs.emplace_back(scratch.rows[i], static_cast<double>(scratch.targets[i]));
      REQUIRE(pairs.size() == 3);
      CHECK(pairs[0] == std::pair<std::int32_t, double>(1, 1.0));
      CHECK(pairs[1].first != 1);
      CHECK(pairs[2].first != 1);
      // A row that is drawn twice moves twice, the second time from where it is; once is enough to look at.
      if (pairs[1].first == pairs[2].first) continue;
    }
    CHECK(told == Approx(before.loss(rows, 1, pairs)).epsilon(1e-5));
    const auto compare = [&](const Matrix& after, bool input) {
      for (std::int64_t i = 0; i < after.rows(); ++i) {
        for (std::size_t d = 0; d < 7; ++d) {
          Reference at = before;
          double& x = (input ? at.input : at.output)[static_cast<std::size_t>(i)][d];
          const double here = x, by = 1e-5;
          x = here + by;
          const double up = at.loss(rows, 1, pairs);
          x = here - by;
          const double down = at.loss(rows, 1, pairs);
          const double moved = (static_cast<double>(after[i][d]) - here) / static_cast<double>(rate);
          CHECK(moved == Approx(-(up - down) / (2 * by)).margin(2e-4));
        }
      }
    };
    compare(model.input, true);
    compare(model.output, false);
  }
}

TEST_CASE("examples that are taken together change a model by the sum of what each would") {
  for (const EmbeddingLoss loss : {EmbeddingLoss::softmax, EmbeddingLoss::one_vs_all}) {
    EmbeddingSettings s = small_settings(loss);
    s.dimension = 37;
    const Examples e = read(three_labels(30));
    const auto model_of = [&] {
      EmbeddingModel model = new_classifier(e, s, 1, Workers(1));
      fill(model.input, 0.3F);
      fill(model.output, 0.5F);
      return model;
    };
    const std::vector<std::int32_t> rows[] = {{0, 5, 5}, {1}, {5, 2, 40}, {7, 0}};
    const std::uint32_t labels[] = {0, 2, 1, 2};
    std::vector<StepExample> examples;
    for (std::size_t b = 0; b < 4; ++b) examples.push_back({rows[b], std::span(&labels[b], 1), {}});
    const EmbeddingModel before = model_of();
    for (std::size_t count = 1; count <= 4; ++count) {
      EmbeddingModel together = model_of();
      ClassifierStep step(together);
      StepScratch scratch(together, step.outputs());
      const double told = step({examples.data(), count}, 0.1F, scratch);
      std::vector<EmbeddingModel> alone;
      double sum = 0;
      for (std::size_t b = 0; b < count; ++b) {
        ClassifierStep one(alone.emplace_back(model_of()));
        sum += one({&examples[b], 1}, 0.1F, scratch);
      }
      CHECK(told == Approx(sum));
      const auto compare = [&](Matrix EmbeddingModel::*which) {
        double worst = 0;
        for (std::int64_t i = 0; i < (before.*which).rows(); ++i)
          for (std::size_t d = 0; d < 37; ++d) {
            double x = static_cast<double>((before.*which)[i][d]), expected = x;
            for (const EmbeddingModel& m : alone) expected += static_cast<double>((m.*which)[i][d]) - x;
            worst = std::max(worst, std::abs(static_cast<double>((together.*which)[i][d]) - expected));
          }
        CHECK(worst < 1e-6);
      };
      compare(&EmbeddingModel::input);
      compare(&EmbeddingModel::output);
    }
  }
}

TEST_CASE("a classifier learns what words tell") {
  const Examples e = read(three_labels(600)), held = [&] {
    ExampleReading reading;
    reading.dictionary = &e.dictionary();
    return read(three_labels(900).substr(three_labels(600).size()), reading);
  }();
  REQUIRE(held.size() > 200);
  for (const EmbeddingLoss loss : kLosses) {
    CAPTURE(static_cast<int>(loss));
    EmbeddingSettings s = small_settings(loss);
    s.epochs = 10;
    const EmbeddingModel model = trained(e, s, true, 1);
    CHECK(evaluate(model, held, {}, Workers(1)) > 0.85);  // 1 in 11 lines has no word that tells
  }
}

TEST_CASE("deterministic training has the same bits for any number of threads") {
  const std::string text = three_labels(400);
  const Examples one = read(text, {}, 1), four = read(text, {}, 4, 100);
  for (const EmbeddingLoss loss : kLosses) {
    const EmbeddingModel a = trained(one, small_settings(loss), true, 1);
    const EmbeddingModel b = trained(four, small_settings(loss), true, 4);
    CHECK(same(a.input, b.input));
    CHECK(same(a.output, b.output));
  }
  CHECK_FALSE(same(trained(one, small_settings(), true, 1, 3).output,
                   trained(one, small_settings(), true, 1, 4).output));
}

TEST_CASE("the order of a sorted corpus doesn't matter") {
  // All of one label, then all of the next: without shuffling the last label would win everywhere.
  std::string sorted;
  for (const char* label : {"a", "b", "c"})
    for (int i = 0; i < 100; ++i) sorted += std::string("__label__") + label + " is" + label + " word\n";
  const Examples e = read(sorted);
  CHECK(evaluate(trained(e, small_settings(), true, 1), e, {}, Workers(1)) == 1);
}

TEST_CASE("probabilities of the likeliest labels are those of all") {
  const Examples e = read(three_labels(300));
  for (const EmbeddingLoss loss : kLosses) {
    CAPTURE(static_cast<int>(loss));
    const EmbeddingModel model = trained(e, small_settings(loss), true, 1);
    const LabelPredictor predictor(model);
    LabelPredictor::Scratch scratch = predictor.scratch();
    const auto top = predictor.predict("rain1 word2 rain3", 3, 0, scratch);
    REQUIRE(top.size() == 3);
    std::vector<LabelScore> ranked(top.begin(), top.end());
    CHECK(predictor.name(ranked[0].label) == "rain");
    CHECK(ranked[0].probability >= ranked[1].probability);
    scratch.features.read(model, "rain1 word2 rain3");
    const auto all = predictor.probabilities(scratch.features.rows, scratch);
    // Those of the binary losses come in fastText's steps of 1/32 of the score: less than 1/128 apart.
    const bool stepped = loss == EmbeddingLoss::negative_sampling || loss == EmbeddingLoss::one_vs_all;
    for (const LabelScore& s : ranked)
      CHECK(s.probability == Approx(all[static_cast<std::size_t>(s.label)]).margin(stepped ? 1e-2 : 5e-5));
    CHECK(predictor.predict("rain1", 3, 0.9999F, scratch).size() <= 1);
  }
}

TEST_CASE("a rate far too high is told of") {
  const Examples e = read(three_labels(100));
  EmbeddingSettings s = small_settings();
  s.rate = 1e30;
  EmbeddingModel model = new_classifier(e, s, 1, Workers(1));
  ClassifierState state;
  CHECK_THROWS_WITH(train_classifier(model, e, {}, Workers(1), state), Catch::Contains("lower rate"));
}

TEST_CASE("a training goes on from its checkpoint to the same bits") {
  const Examples e = read(three_labels(300));
  const EmbeddingSettings s = small_settings();
  const EmbeddingModel whole = trained(e, s, true, 1);
  const TemporaryFile file;
  const std::uint64_t mark = fingerprint(e, s, 3, true);
  const Workers workers(1);
  {
    EmbeddingModel model = new_classifier(e, s, 3, workers);
    ClassifierTraining options;
    options.seed = 3;
    options.deterministic = true;
    int left = 3;
    options.validate = [](const EmbeddingModel&, std::int64_t epoch) { return static_cast<double>(epoch); };
    options.progress = [&](const ClassifierProgress&) { return true; };
    options.checkpoint = [&](const EmbeddingModel& m, const EmbeddingModel* best,
                             const ClassifierState& state) {
      write_checkpoint(file.path, mark, m, best, state);
    };
    // Stopped after some epochs by a validation that throws, as a kill would.
    options.validate = [&](const EmbeddingModel& m, std::int64_t epoch) {
      ClassifierState state;
      state.epoch = epoch;
      write_checkpoint(file.path, mark, m, nullptr, state);
      if (--left == 0) throw std::runtime_error("killed");
      return 0.0;
    };
    ClassifierState state;
    CHECK_THROWS(train_classifier(model, e, options, workers, state));
  }
  EmbeddingModel model = new_classifier(e, s, 3, workers), best;
  ClassifierState state;
  read_checkpoint(file.path, mark, model, best, state);
  CHECK(state.epoch == 3);
  ClassifierTraining options;
  options.seed = 3;
  options.deterministic = true;
  train_classifier(model, e, options, workers, state);
  CHECK(same(model.input, whole.input));
  CHECK(same(model.output, whole.output));
  CHECK_THROWS_AS(read_checkpoint(file.path, mark + 1, model, best, state), ModelFileError);
  std::filesystem::resize_file(file.path, 200);
  CHECK_THROWS_WITH(read_checkpoint(file.path, mark, model, best, state), Catch::Contains("cut short"));
}

TEST_CASE("a classifier goes on with new words and labels, and keeps its rows") {
  EmbeddingSettings s = small_settings();
  s.loss = GENERATE(from_range(std::begin(kLosses), std::end(kLosses)));
  const EmbeddingModel old = trained(read(three_labels(60)), s, true, 1);
  ExampleReading reading;
  reading.known = &old.dictionary;
  reading.min_count = 2;
  const Examples more =
      read("__label__hail ice ice word1\n__label__sun word1 once\n__label__hail ice word2\n", reading);
  const Dictionary& d = more.dictionary();
  REQUIRE(d.words() == old.dictionary.words() + 1);  // `once` is too rare
  REQUIRE(d.labels() == old.dictionary.labels() + 1);
  for (std::int32_t i = 0; i < old.dictionary.words(); ++i) CHECK(d.text(i) == old.dictionary.text(i));
  CHECK(d.text(old.dictionary.words()) == "ice");
  CHECK(d.text(d.size() - 1) == "__label__hail");
  CHECK(d.count(d.find("word1")) == old.dictionary.count(old.dictionary.find("word1")) + 2);
  CHECK(more.rare().find("once") == 0);

  const EmbeddingModel now = new_classifier(more, s, 9, Workers(2), nullptr, &old);
  const auto row = [](const Matrix& m, std::int64_t i) {
    return std::vector<float>(m[i].begin(), m[i].end());
  };
  for (std::int32_t w = 0; w < old.dictionary.words(); ++w) CHECK(row(now.input, w) == row(old.input, w));
  for (std::int32_t b = 0; b < s.buckets; b += 7)
    CHECK(row(now.input, d.words() + b) == row(old.input, old.dictionary.words() + b));
  const std::vector<float> zeros(static_cast<std::size_t>(s.dimension));
  for (std::int32_t l = 0; l < old.dictionary.labels(); ++l)
    CHECK(row(now.output, l) == (s.loss == EmbeddingLoss::hierarchical_softmax ? zeros : row(old.output, l)));
  CHECK(row(now.output, old.dictionary.labels()) == zeros);

  EmbeddingSettings other = s;
  other.buckets += 1;
  CHECK_THROWS_AS(new_classifier(more, other, 9, Workers(1), nullptr, &old), std::invalid_argument);
  CHECK_THROWS_AS(new_classifier(read("__label__sun ice\n"), s, 9, Workers(1), nullptr, &old),
                  std::invalid_argument);
}

TEST_CASE("early stopping gives back the best epoch") {
  const Examples e = read(three_labels(100));
  EmbeddingSettings s = small_settings();
  s.epochs = 20;
  EmbeddingModel model = new_classifier(e, s, 1, Workers(1));
  ClassifierTraining options;
  options.deterministic = true;
  options.patience = 3;
  EmbeddingModel third;
  options.validate = [&](const EmbeddingModel& m, std::int64_t epoch) {
    if (epoch == 3) {
      third.output = Matrix(m.output.rows(), m.output.columns());
      std::memcpy(third.output.row(0), m.output.row(0),
                  static_cast<std::size_t>(m.output.rows() * m.output.stride()) * sizeof(float));
    }
    return epoch == 3 ? 1.0 : 0.5;
  };
  ClassifierState state;
  CHECK(train_classifier(model, e, options, Workers(1), state) == TrainingEnd::early);
  CHECK(state.epoch == 6);
  CHECK(state.best_epoch == 3);
  CHECK(same(model.output, third.output));
}

TEST_CASE("quantizing keeps what a classifier says") {
  const Examples e = read(three_labels(600));
  EmbeddingSettings s = small_settings();
  s.epochs = 10;
  for (const std::int64_t cutoff : {0, 300}) {
    CAPTURE(cutoff);
    EmbeddingModel model = trained(e, s, true, 1);
    const double before = evaluate(model, e, {}, Workers(1));
    QuantizeOptions q;
    q.norms = cutoff > 0;
    q.cutoff = cutoff;
    quantize(model, q, Workers(1));
    REQUIRE(model.quantized_input);
    CHECK(model.input.empty());
    CHECK(model.quantized_input->rows == (cutoff > 0 ? cutoff : e.words() + 1000));
    CHECK(model.quantized_input->codes.size() == static_cast<std::size_t>(model.quantized_input->rows * 5));
    CHECK(evaluate(model, e, {}, Workers(1)) > before - 0.03);
  }
  EmbeddingModel small = trained(
      read("__label__a x\n"),
      [] {
        EmbeddingSettings few = small_settings();
        few.buckets = 10;
        return few;
      }(),
      true, 1);
  CHECK_THROWS_WITH(quantize(small, {}, Workers(1)), Catch::Contains("at least 256 rows"));
}

TEST_CASE("a search of so many trials depends on the seed alone") {
  const Examples all = read(three_labels(300));
  const auto [train, held] = all.split(0.3, 1);
  REQUIRE(held.size() > 50);
  CHECK(train.size() + held.size() == all.size());
  SearchOptions options;
  options.start = small_settings();
  options.fixed.epochs = options.fixed.dimension = options.fixed.buckets = true;
  options.start.epochs = 2;
  options.trials = 10;
  std::vector<std::string> told[2];
  SearchResult results[2];
  for (int i = 0; i < 2; ++i) {
    options.trial = [&](const SearchTrial& t) {
      told[i].push_back(describe(t.settings) + " " + std::to_string(t.score) + t.fault);
    };
    results[i] = search_settings(train, held, options, Workers(i == 0 ? 1 : 3));
  }
  CHECK(told[0].size() == 10);
  CHECK(told[0] == told[1]);
  CHECK(results[0].score == results[1].score);
  CHECK(same(results[0].model.output, results[1].model.output));
  CHECK(evaluate(results[0].model, held, {}, Workers(1)) == results[0].score);
}

TEST_CASE("a metric is one of those there are") {
  const Examples e = read("__label__a x\n__label__b y\n");
  CHECK(parse_metric("f1:b", e.dictionary(), "__label__").label == 1);
  CHECK(parse_metric("precision-at-recall:0.5", e.dictionary(), "__label__").value == 0.5);
  CHECK_THROWS_WITH(parse_metric("f2", e.dictionary(), "__label__"), Catch::Contains("none of them"));
  CHECK_THROWS_WITH(parse_metric("f1:c", e.dictionary(), "__label__"), Catch::Contains("doesn't have"));
  CHECK_THROWS_WITH(parse_metric("recall-at-precision:2", e.dictionary(), "__label__"),
                    Catch::Contains("0 to 1"));
}
