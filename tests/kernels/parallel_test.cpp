#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kernels/float_mode.h"
#include "kernels/parallel.h"
#include "tests/catch2.h"

using weft::Workers;

TEST_CASE("for_each_range covers the range in pieces of exactly the grain") {
  for (const int threads : {1, 2, 4, 20}) {
    const Workers workers(threads);
    CHECK(workers.size() == threads);
    for (const std::int64_t n : {0, 1, 7, 8, 9, 1000}) {
      std::mutex lock;
      std::vector<std::pair<std::int64_t, std::int64_t>> pieces;
      workers.for_each_range(n, 8, [&](std::int64_t begin, std::int64_t end) {
        const std::lock_guard guard(lock);
        pieces.emplace_back(begin, end);
      });
      std::sort(pieces.begin(), pieces.end());
      std::int64_t at = 0;
      for (const auto& [begin, end] : pieces) {
        CHECK(begin == at);
        CHECK(end == std::min(begin + 8, n));
        at = end;
      }
      CHECK(at == n);
    }
  }
}

TEST_CASE("one piece and one thread run in place") {
  const auto here = std::this_thread::get_id();
  std::set<std::thread::id> seen;
  Workers(4).for_each_range(8, 8,
                            [&](std::int64_t, std::int64_t) { seen.insert(std::this_thread::get_id()); });
  Workers(1).for_each_range(80, 8,
                            [&](std::int64_t, std::int64_t) { seen.insert(std::this_thread::get_id()); });
  CHECK(seen == std::set{here});
}

TEST_CASE("an exception reaches the caller") {
  for (const int threads : {1, 2, 4}) {
    const Workers workers(threads);
    CHECK_THROWS_AS(workers.for_each_range(100, 1,
                                           [](std::int64_t begin, std::int64_t) {
                                             if (begin == 57) throw std::runtime_error("57");
                                           }),
                    std::runtime_error);
    std::atomic<int> sum{0};  // and the workers are as good as before
    workers.for_each_range(100, 1, [&](std::int64_t, std::int64_t) { ++sum; });
    CHECK(sum == 100);
  }
}

TEST_CASE("ranges may be nested") {
  const Workers workers(3);
  std::atomic<std::int64_t> sum{0};
  workers.for_each_range(20, 1, [&](std::int64_t outer, std::int64_t) {
    workers.for_each_range(50, 3,
                           [&](std::int64_t begin, std::int64_t end) { sum += outer * (end - begin); });
  });
  CHECK(sum == 190 * 50);
}

TEST_CASE("several threads may share workers") {
  const Workers workers(2);
  std::atomic<std::int64_t> sum{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t)
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        workers.for_each_range(100, 7, [&](std::int64_t begin, std::int64_t end) { sum += end - begin; });
    });
  for (auto& caller : callers) caller.join();
  CHECK(sum == 4 * 50 * 100);
}

TEST_CASE("all pieces run in the floating-point mode of the caller") {
  using weft::FloatMode;
  const FloatMode before = FloatMode::current(), flushed = before.without_subnormals();
  const Workers workers(4);
  std::atomic<int> other{0};
  {
    const weft::FloatModeGuard guard(flushed);
    workers.for_each_range(1000, 1, [&](std::int64_t, std::int64_t) {
      if (!(FloatMode::current() == flushed)) ++other;
    });
    volatile float tiny = 1e-38F;
    CHECK(tiny * 0.1F == 0);
  }
  CHECK(other == 0);
  workers.for_each_range(1000, 1, [&](std::int64_t, std::int64_t) {
    if (!(FloatMode::current() == before)) ++other;
  });
  CHECK(other == 0);
  CHECK(FloatMode::current() == before);
}
