#include "nlp/decode/sample.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace weft::nlp {

std::int64_t sample(std::span<const float> logits, double temperature, double u) {
  std::int64_t best = -1;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isnan(logits[i])) throw std::invalid_argument("[sample] expected numbers, got NaN");
    if (std::isfinite(logits[i]) && (best < 0 || logits[i] > logits[static_cast<std::size_t>(best)])) {
      best = static_cast<std::int64_t>(i);
    }
  }
  if (best < 0) throw std::invalid_argument("[sample] expected a finite logit, got none");
  if (temperature == 0) return best;
  const double top = logits[static_cast<std::size_t>(best)];
  const auto weight = [&](std::size_t i) { return std::exp((logits[i] - top) / temperature); };
  double total = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) total += weight(i);
  double left = u * total;
  std::int64_t last = best;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double w = weight(i);
    if (w == 0) continue;
    last = static_cast<std::int64_t>(i);
    if (left < w) return last;
    left -= w;
  }
  return last;  // rounding left a crumb of u
}

}  // namespace weft::nlp
