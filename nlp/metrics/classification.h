#pragma once

#include <cstdint>
#include <vector>

namespace weft::nlp {

/// Of one label, or of all together: how often it was meant, given, and both.
struct LabelCounts {
  std::int64_t gold = 0, predicted = 0, both = 0;

  /// both / predicted, both / gold, and their harmonic mean 2 both / (gold + predicted); 0 where nothing is
  /// divided by nothing, as scikit-learn's zero_division = 0.
  double precision() const { return share(both, predicted); }
  double recall() const { return share(both, gold); }
  double f1() const { return share(2 * both, gold + predicted); }

 private:
  static double share(std::int64_t of, std::int64_t all) {
    return all == 0 ? 0.0 : static_cast<double>(of) / static_cast<double>(all);
  }
};

struct Averages {
  double precision = 0, recall = 0, f1 = 0;
};

/// Counts labels that were meant and given, example by example. Source: Manning, Raghavan and Schuetze 2008,
/// chapter 13.6.
class Classification {
 public:
  explicit Classification(std::int64_t labels) : labels_(static_cast<std::size_t>(labels)) {}

  /// The labels an example has and those it was given, each listed once, the likeliest first; labels that are
  /// not known count as meant and never given where they are given as -1.
  void add(const std::vector<std::int32_t>& gold, const std::vector<std::int32_t>& predicted);
  void merge(const Classification& other);

  std::int64_t examples() const { return examples_; }
  const std::vector<LabelCounts>& labels() const { return labels_; }
  /// Over all labels: sums of the counts.
  const LabelCounts& total() const { return total_; }
  Averages micro() const { return {total_.precision(), total_.recall(), total_.f1()}; }
  /// The mean over labels that were meant or given at all.
  Averages macro() const;
  /// Examples whose likeliest label is one of theirs.
  double accuracy() const;

 private:
  std::vector<LabelCounts> labels_;
  LabelCounts total_;
  std::int64_t examples_ = 0, right_ = 0;
};

/// How often examples of one label (rows) were given another (columns).
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(std::int64_t labels)
      : labels_(labels), counts_(static_cast<std::size_t>(labels * labels)) {}
  void add(std::int32_t gold, std::int32_t predicted) { ++counts_[at(gold, predicted)]; }
  std::int64_t operator()(std::int32_t gold, std::int32_t predicted) const {
    return counts_[at(gold, predicted)];
  }
  std::int64_t labels() const { return labels_; }

 private:
  std::size_t at(std::int32_t gold, std::int32_t predicted) const {
    return static_cast<std::size_t>(gold * labels_ + predicted);
  }
  std::int64_t labels_;
  std::vector<std::int64_t> counts_;
};

/// The area under the ROC curve: how likely a positive example has the higher score than a negative one,
/// equal scores counting half. (R - p (p + 1) / 2) / (p n), with R the sum of the positives' ranks, the mean
/// of theirs for equal scores. NaN where one of the kinds is missing. Source: Hanley and McNeil 1982; Mann
/// and Whitney 1947. Cost: a sort.
double roc_auc(std::vector<float> scores, const std::vector<bool>& positive);

}  // namespace weft::nlp
