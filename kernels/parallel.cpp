#include "kernels/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "kernels/float_mode.h"
#include "kernels/team.h"

namespace weft {

namespace {

/// Pieces that a thread takes first. Alone in its lines of the cache, also where they are fetched in pairs.
struct alignas(128) Section {
  std::atomic<std::int64_t> next;
  std::int64_t end;
};
constexpr int kSections = 16;

}  // namespace

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
  // Each thread that comes takes pieces of a section of its own, and then what is left of the others': the
  // caller starts at once, and one who wakes up late takes less. From call to call the same thread so finds
  // the same part of an array, which then is in the caches of its core. Which thread does a piece does not
  // show in its result.
  const std::int64_t pieces = (n + grain - 1) / grain;
  const int takers = static_cast<int>(std::min<std::int64_t>(team_->size(), pieces));
  Section sections[kSections];
  const int count = std::min(takers, kSections);
  for (int i = 0; i < count; ++i) {
    sections[i].next.store(pieces * i / count, std::memory_order_relaxed);
    sections[i].end = pieces * (i + 1) / count;
  }
  const FloatMode mode = FloatMode::current();
  auto take = [&](int thread) {
    const FloatModeGuard as_the_caller(mode);
    for (int k = 0; k < count; ++k) {
      Section& section = sections[(thread + k) % count];
      for (std::int64_t i; (i = section.next.fetch_add(1, std::memory_order_relaxed)) < section.end;)
        body(i * grain, std::min((i + 1) * grain, n));
    }
  };
  team_->run(
      takers, [](void* t, int thread) { (*static_cast<decltype(take)*>(t))(thread); }, &take);
}

}  // namespace weft
