#include "nlp/embedding/train/training_data.h"

#include <algorithm>
#include <cmath>

namespace weft::nlp {

std::vector<std::uint32_t> keep_thresholds(const Dictionary& dictionary, double sample) {
  std::vector<std::uint32_t> keep(static_cast<std::size_t>(dictionary.words()), 0xFFFFFFFFU);
  if (sample <= 0) return keep;
  // Of the words that are trained, as in word2vec and fastText.
  double all = 0;
  for (std::int32_t w = 0; w < dictionary.words(); ++w) all += static_cast<double>(dictionary.count(w));
  for (std::int32_t w = 0; w < dictionary.words(); ++w) {
    const double ratio = sample * all / std::max(1.0, static_cast<double>(dictionary.count(w)));
    const double share = std::min(1.0, std::sqrt(ratio) + ratio);
    keep[static_cast<std::size_t>(w)] = static_cast<std::uint32_t>(std::min(share * 0x1p32, 4294967295.0));
  }
  return keep;
}

}  // namespace weft::nlp
