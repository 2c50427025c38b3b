#include "nlp/embedding/classifier/evaluate.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "nlp/embedding/classifier/predict.h"
#include "nlp/metrics/classification.h"

namespace weft::nlp {

namespace {

/// The likeliest label of an example.
struct Given {
  float probability = 0;
  std::int32_t label = -1;
  bool right = false;
};

/// The best of one share among the thresholds at which the other is at least `value`.
double best_at(std::vector<Given> given, const Metric& metric, std::int64_t gold) {
  if (metric.label >= 0) std::erase_if(given, [&](const Given& g) { return g.label != metric.label; });
  std::sort(given.begin(), given.end(),
            [](const Given& a, const Given& b) { return a.probability > b.probability; });
  const bool wants_precision = metric.kind == Metric::Kind::precision_at_recall;
  LabelCounts counts;
  counts.gold = gold;
  double best = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    ++counts.predicted;
    if (given[i].right) ++counts.both;
    if (i + 1 < given.size() && given[i + 1].probability == given[i].probability) continue;
    const double kept = wants_precision ? counts.recall() : counts.precision();
    if (kept >= metric.value) best = std::max(best, wants_precision ? counts.precision() : counts.recall());
  }
  return best;
}

}  // namespace

Metric parse_metric(const std::string& text, const Dictionary& dictionary, const std::string& label_prefix) {
  const auto fail = [&](const std::string& why) {
    throw std::runtime_error(
        "a metric is accuracy, f1, f1:LABEL, precision-at-recall:R or "
        "recall-at-precision:P; `" +
        text + "` " + why);
  };
  Metric out;
  std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (name == "accuracy" && rest.empty()) return out;
  if (name == "precision-at-recall" || name == "recall-at-precision") {
    out.kind = name[0] == 'p' ? Metric::Kind::precision_at_recall : Metric::Kind::recall_at_precision;
    colon = rest.find(':');
    const std::string value = rest.substr(0, colon);
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out.value);
    if (error != std::errc() || end != value.data() + value.size() || !(out.value >= 0 && out.value <= 1))
      fail("lacks a number from 0 to 1");
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  } else if (name == "f1") {
    out.kind = Metric::Kind::f1;
  } else {
    fail("is none of them");
  }
  if (rest.empty()) return out;
  std::int32_t found = dictionary.find(label_prefix + rest);
  if (found < dictionary.words()) found = dictionary.find(rest);
  if (found < dictionary.words()) fail("names a label that the corpus doesn't have");
  out.label = found - dictionary.words();
  return out;
}

double evaluate(const EmbeddingModel& model, const Examples& examples, const Metric& metric,
                const Workers& workers) {
  const LabelPredictor predictor(model);
  const ExampleFeatures features(model, examples);
  Classification all(predictor.labels());
  std::vector<Given> given(static_cast<std::size_t>(examples.size()));
  std::mutex mutex;
  workers.for_each_range(examples.size(), 512, [&](std::int64_t begin, std::int64_t end) {
    LabelPredictor::Scratch scratch = predictor.scratch();
    std::vector<std::uint32_t> hashes;
    std::vector<std::int32_t> rows, gold, predicted;
    Classification part(predictor.labels());
    for (std::int64_t i = begin; i < end; ++i) {
      const Examples::Example example = examples[i];
      features.rows(example, hashes, rows);
      gold.assign(example.labels.begin(), example.labels.end());
      predicted.clear();
      for (const LabelScore& s : predictor.predict(rows, 1, 0, scratch)) {
        predicted.push_back(s.label);
        given[static_cast<std::size_t>(i)] = {s.probability, s.label,
                                              std::find(gold.begin(), gold.end(), s.label) != gold.end()};
      }
      part.add(gold, predicted);
    }
    const std::lock_guard lock(mutex);
    all.merge(part);
  });
  const LabelCounts& counts =
      metric.label < 0 ? all.total() : all.labels()[static_cast<std::size_t>(metric.label)];
  if (metric.kind == Metric::Kind::accuracy) return all.accuracy();
  if (metric.kind == Metric::Kind::f1) return counts.f1();
  return best_at(std::move(given), metric, counts.gold);
}

}  // namespace weft::nlp
