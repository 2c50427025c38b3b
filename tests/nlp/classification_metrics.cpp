#include "nlp/metrics/classification.h"

#include <cmath>

#include "tests/catch2.h"

using namespace weft::nlp;

namespace {

// gold and predicted of ten examples; all numbers are those of scikit-learn 1.9's accuracy_score,
// precision_recall_fscore_support and confusion_matrix for them.
const std::vector<std::int32_t> kGold{0, 0, 1, 2, 2, 2, 1, 0, 2, 1};
const std::vector<std::int32_t> kGiven{0, 1, 1, 2, 0, 2, 1, 0, 1, 2};

Classification counted(std::size_t begin, std::size_t end) {
  Classification out(3);
  for (std::size_t i = begin; i < end; ++i) out.add({kGold[i]}, {kGiven[i]});
  return out;
}

}  // namespace

TEST_CASE("classification counts agree with scikit-learn's") {
  const Classification all = counted(0, 10);
  CHECK(all.examples() == 10);
  CHECK(all.accuracy() == Approx(0.6));
  CHECK(all.micro().precision == Approx(0.6));
  CHECK(all.micro().recall == Approx(0.6));
  CHECK(all.micro().f1 == Approx(0.6));
  CHECK(all.macro().precision == Approx((2.0 / 3 + 2.0 / 4 + 2.0 / 3) / 3));
  CHECK(all.macro().recall == Approx((2.0 / 3 + 2.0 / 3 + 2.0 / 4) / 3));
  CHECK(all.macro().f1 == Approx((2.0 / 3 + 4.0 / 7 + 4.0 / 7) / 3));
  CHECK(all.labels()[1].precision() == Approx(0.5));
  CHECK(all.labels()[1].recall() == Approx(2.0 / 3));
  CHECK(all.labels()[1].f1() == Approx(4.0 / 7));
}

TEST_CASE("counts of parts add up to those of the whole") {
  Classification parts = counted(0, 4);
  parts.merge(counted(4, 10));
  CHECK(parts.accuracy() == counted(0, 10).accuracy());
  CHECK(parts.macro().f1 == counted(0, 10).macro().f1);
}

TEST_CASE("several labels and unknown ones") {
  Classification c(3);
  c.add({0, 2}, {2, 1});  // one of two found
  c.add({-1}, {0});       // a label the model doesn't have is never found
  c.add({1}, {});
  CHECK(c.total().gold == 4);
  CHECK(c.total().predicted == 3);
  CHECK(c.micro().precision == Approx(1.0 / 3));
  CHECK(c.micro().recall == Approx(1.0 / 4));
  CHECK(c.accuracy() == Approx(1.0 / 3));
}

TEST_CASE("nothing divided by nothing is 0") {
  const Classification none(2);
  CHECK(none.accuracy() == 0);
  CHECK(none.macro().f1 == 0);
  CHECK(LabelCounts{}.precision() == 0);
}

TEST_CASE("a confusion matrix has what was meant in rows") {
  ConfusionMatrix m(3);
  for (std::size_t i = 0; i < kGold.size(); ++i) m.add(kGold[i], kGiven[i]);
  const std::int64_t expected[3][3] = {{2, 1, 0}, {0, 2, 1}, {1, 1, 2}};
  for (std::int32_t g = 0; g < 3; ++g)
    for (std::int32_t p = 0; p < 3; ++p) CHECK(m(g, p) == expected[g][p]);
}

TEST_CASE("the area under the ROC curve counts ties half") {
  // Pairs by hand: of the positives .35 .8 .4 .9 against the negatives .1 .4 .4 .35 won: 1, 4, 2, 4, tied: 1,
  // 0, 2, 0; (11 + 3 / 2) / 16. scikit-learn's roc_auc_score gives the same.
  CHECK(roc_auc({.1F, .4F, .35F, .8F, .4F, .4F, .9F, .35F},
                {false, false, true, true, false, true, true, false}) == Approx(12.5 / 16));
  CHECK(roc_auc({1, 2, 3, 4}, {false, false, true, true}) == 1);
  CHECK(roc_auc({1, 2, 3, 4}, {true, true, false, false}) == 0);
  CHECK(roc_auc({5, 5, 5}, {true, false, true}) == 0.5);
  CHECK(std::isnan(roc_auc({1, 2}, {true, true})));
  CHECK_THROWS_AS(roc_auc({1}, {true, false}), std::invalid_argument);
}
