#include "nlp/metrics/segmentation.h"

namespace weft::nlp {

namespace {

double share(std::int64_t part, std::int64_t of) {
  return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

}  // namespace

void SegmentationScore::add(const std::vector<ByteSpan>& reference_words,
                            const std::vector<ByteSpan>& found_words) {
  reference += static_cast<std::int64_t>(reference_words.size());
  found += static_cast<std::int64_t>(found_words.size());
  auto one = reference_words.begin();
  for (auto two = found_words.begin(); one != reference_words.end() && two != found_words.end();) {
    if (*one == *two) ++right;
    const std::size_t at = one->begin;
    if (at <= two->begin) ++one;
    if (two->begin <= at) ++two;
  }
}

double SegmentationScore::precision() const {
  return share(right, found);
}

double SegmentationScore::recall() const {
  return share(right, reference);
}

double SegmentationScore::f1() const {
  return share(2 * right, found + reference);
}

}  // namespace weft::nlp
