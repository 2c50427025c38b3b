#include "nlp/embedding/train/noise.h"

#include <algorithm>
#include <cmath>

namespace weft::nlp {

Noise::Noise(std::span<const std::int64_t> counts, double power) {
  const std::size_t n = counts.size();
  std::vector<double> share(n, 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (counts[i] > 0) sum += share[i] = std::pow(static_cast<double>(counts[i]), power);
  if (sum <= 0) return;
  // Shares are scaled to a mean of 1. A cell that is short is filled up by one that has too much.
  std::vector<std::int32_t> poor, rich;
  for (std::size_t i = 0; i < n; ++i) {
    share[i] *= static_cast<double>(n) / sum;
    (share[i] < 1 ? poor : rich).push_back(static_cast<std::int32_t>(i));
  }
  cells_.assign(n, Cell{0xFFFFFFFFU, 0});
  for (std::size_t i = 0; i < n; ++i) cells_[i].other = static_cast<std::int32_t>(i);
  while (!poor.empty() && !rich.empty()) {
    const auto p = static_cast<std::size_t>(poor.back());
    const auto r = static_cast<std::size_t>(rich.back());
    poor.pop_back();
    cells_[p] = {static_cast<std::uint32_t>(std::min(share[p] * 0x1p32, 4294967295.0)),
                 static_cast<std::int32_t>(r)};
    share[r] -= 1 - share[p];
    if (share[r] < 1) {
      rich.pop_back();
      poor.push_back(static_cast<std::int32_t>(r));
    }
  }
  // What is left of either kind is a full cell but for rounding; a word that is never drawn is not.
  for (const std::int32_t p : poor) {
    const auto i = static_cast<std::size_t>(p);
    if (counts[i] < 1) cells_[i] = {0, rich.empty() ? 0 : rich.back()};
  }
}

}  // namespace weft::nlp
