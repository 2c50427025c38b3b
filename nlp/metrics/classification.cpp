#include "nlp/metrics/classification.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace weft::nlp {

void Classification::add(const std::vector<std::int32_t>& gold, const std::vector<std::int32_t>& predicted) {
  ++examples_;
  const auto has = [](const std::vector<std::int32_t>& all, std::int32_t l) {
    return std::find(all.begin(), all.end(), l) != all.end();
  };
  if (!predicted.empty() && has(gold, predicted[0])) ++right_;
  for (const std::int32_t l : gold) {
    ++total_.gold;
    if (l >= 0) ++labels_[static_cast<std::size_t>(l)].gold;
  }
  for (const std::int32_t l : predicted) {
    LabelCounts& of = labels_[static_cast<std::size_t>(l)];
    ++total_.predicted;
    ++of.predicted;
    if (!has(gold, l)) continue;
    ++total_.both;
    ++of.both;
  }
}

void Classification::merge(const Classification& other) {
  const auto add = [](LabelCounts& to, const LabelCounts& from) {
    to.gold += from.gold;
    to.predicted += from.predicted;
    to.both += from.both;
  };
  for (std::size_t i = 0; i < labels_.size(); ++i) add(labels_[i], other.labels_[i]);
  add(total_, other.total_);
  examples_ += other.examples_;
  right_ += other.right_;
}

Averages Classification::macro() const {
  Averages sum;
  std::int64_t n = 0;
  for (const LabelCounts& l : labels_) {
    if (l.gold == 0 && l.predicted == 0) continue;
    ++n;
    sum.precision += l.precision();
    sum.recall += l.recall();
    sum.f1 += l.f1();
  }
  const double share = n == 0 ? 0 : 1.0 / static_cast<double>(n);
  return {sum.precision * share, sum.recall * share, sum.f1 * share};
}

double Classification::accuracy() const {
  return examples_ == 0 ? 0 : static_cast<double>(right_) / static_cast<double>(examples_);
}

double roc_auc(std::vector<float> scores, const std::vector<bool>& positive) {
  if (scores.size() != positive.size())
    throw std::invalid_argument("[roc_auc] expected a kind for each score");
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double ranks = 0, p = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double positives = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[i]]; ++end)
      positives += positive[order[end]] ? 1 : 0;
    ranks += positives * (static_cast<double>(i + 1) + static_cast<double>(end)) / 2;
    p += positives;
    i = std::max(end, i + 1);
  }
  const double n = static_cast<double>(scores.size()) - p;
  if (p == 0 || n == 0) return std::numeric_limits<double>::quiet_NaN();
  return (ranks - p * (p + 1) / 2) / (p * n);
}

}  // namespace weft::nlp
