#include "corpora/permutation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "corpora/random.h"
#include "tests/catch2.h"

using namespace weft::corpora;

namespace {

std::vector<std::int64_t> order(std::int64_t n, std::uint64_t seed, std::uint64_t epoch) {
  const Permutation permutation(n, seed, epoch);
  std::vector<std::int64_t> values(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] = permutation[i];
  return values;
}

}  // namespace

TEST_CASE("random bits are those of Philox 4x32-10") {
  // Known answer of Random123, kat_vectors: philox4x32 10, counter and key all zero.
  // The use is part of the counter here, so compare with a use of zero.
  const auto bits = random_bits(0, static_cast<RandomUse>(0), 0, 0);
  CHECK(bits == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST_CASE("permutation: a bijection for every size") {
  for (std::int64_t n = 0; n <= 300; ++n) {
    auto values = order(n, 5, 2);
    std::sort(values.begin(), values.end());
    std::vector<std::int64_t> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 0);
    if (values != all) CHECK(values == all);
  }
  for (const std::int64_t n : {4095, 4096, 4097, 50000}) {
    auto values = order(n, 5, 2);
    std::sort(values.begin(), values.end());
    CHECK(std::adjacent_find(values.begin(), values.end()) == values.end());
    CHECK(values.front() == 0);
    CHECK(values.back() == n - 1);
  }
  const Permutation large((std::int64_t{1} << 40) + 7, 1, 1);
  for (std::int64_t i = 0; i < 1000; ++i) CHECK((large[i] >= 0 && large[i] < large.size()));
  CHECK_THROWS_WITH(Permutation(-1, 0, 0), "[permutation] expected a size, got -1");
}

TEST_CASE("permutation: by seed and epoch, and by nothing else") {
  CHECK(order(1000, 1, 1) == order(1000, 1, 1));
  CHECK(order(1000, 1, 1) != order(1000, 1, 2));
  CHECK(order(1000, 1, 1) != order(1000, 2, 1));
}

TEST_CASE("permutation: each value is about as likely at each position") {
  // 8 x 8 table over 4000 epochs: each cell expects 500, standard deviation about 21.
  std::vector<int> table(64);
  for (std::uint64_t epoch = 0; epoch < 4000; ++epoch) {
    const auto values = order(8, 3, epoch);
    for (std::size_t i = 0; i < 8; ++i) ++table[i * 8 + static_cast<std::size_t>(values[i])];
  }
  for (const int cell : table) CHECK(std::abs(cell - 500) < 110);
}

TEST_CASE("split: the share asked for, by seed and record") {
  int kept = 0, moved = 0;
  for (std::int64_t record = 0; record < 20000; ++record) {
    kept += in_validation(1, record, 0.1) ? 1 : 0;
    moved += in_validation(1, record, 0.1) != in_validation(2, record, 0.1) ? 1 : 0;
    if (in_validation(1, record, 0.1)) CHECK(in_validation(1, record, 0.2));  // a larger share only adds
  }
  CHECK(kept == Approx(2000).margin(170));  // four standard deviations
  CHECK(moved == Approx(3600).margin(250));
  CHECK_FALSE(in_validation(1, 1, 0.0));
}
