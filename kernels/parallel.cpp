#include "kernels/parallel.h"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "kernels/float_mode.h"

namespace weft {

struct Workers::Arena {
  explicit Arena(int threads) : size(threads), arena(threads) {
    // Without this oneTBB lends no more threads than there are cores, which is right for all but tests.
    if (threads > tbb::info::default_concurrency())
      more.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  }
  int size;
  tbb::task_arena arena;
  std::optional<tbb::global_control> more;
};

Workers::Workers(int threads)
    : arena_(std::make_unique<Arena>(
          threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())))) {}

Workers::~Workers() = default;

int Workers::size() const {
  return arena_->size;
}

void Workers::for_each_range(std::int64_t n, std::int64_t grain, RangeBody body) const {
  if (n <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  if (n <= grain) return body(0, n);
  if (arena_->size == 1) {
    for (std::int64_t begin = 0; begin < n; begin += grain) body(begin, std::min(begin + grain, n));
    return;
  }
  // Each thread that comes takes the next piece until none is left: the caller starts at once, and one who
  // wakes up late takes less. Which thread does a piece does not show in its result.
  const std::int64_t pieces = (n + grain - 1) / grain;
  const int takers = static_cast<int>(std::min<std::int64_t>(arena_->size, pieces));
  std::atomic<std::int64_t> next{0};
  const FloatMode mode = FloatMode::current();
  arena_->arena.execute([&] {
    tbb::parallel_for(
        0, takers, 1,
        [&](int) {
          const FloatModeGuard as_the_caller(mode);
          for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < pieces;) {
            body(i * grain, std::min((i + 1) * grain, n));
          }
        },
        tbb::simple_partitioner());
  });
}

}  // namespace weft
