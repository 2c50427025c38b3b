#include "kernels/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "kernels/float_mode.h"
#include "kernels/team.h"

namespace weft {

Workers::Workers(int threads)
    : team_(std::make_unique<Team>(
          threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())))) {}

Workers::~Workers() = default;

int Workers::size() const {
  return team_->size();
}

void Workers::for_each_range(std::int64_t n, std::int64_t grain, RangeBody body) const {
  if (n <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  if (n <= grain) return body(0, n);
  if (team_->size() == 1) {
    for (std::int64_t begin = 0; begin < n; begin += grain) body(begin, std::min(begin + grain, n));
    return;
  }
  // Each thread that comes takes the next piece until none is left: the caller starts at once, and one who
  // wakes up late takes less. Which thread does a piece does not show in its result.
  const std::int64_t pieces = (n + grain - 1) / grain;
  const int takers = static_cast<int>(std::min<std::int64_t>(team_->size(), pieces));
  std::atomic<std::int64_t> next{0};
  const FloatMode mode = FloatMode::current();
  auto take = [&] {
    const FloatModeGuard as_the_caller(mode);
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < pieces;) {
      body(i * grain, std::min((i + 1) * grain, n));
    }
  };
  team_->run(
      takers, [](void* t) { (*static_cast<decltype(take)*>(t))(); }, &take);
}

}  // namespace weft
