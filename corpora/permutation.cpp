#include "corpora/permutation.h"

#include <bit>
#include <stdexcept>
#include <string>
#include <utility>

#include "corpora/random.h"

namespace weft::corpora {

Permutation::Permutation(std::int64_t n, std::uint64_t seed, std::uint64_t epoch)
    : n_(static_cast<std::uint64_t>(n)) {
  if (n < 0) throw std::invalid_argument("[permutation] expected a size, got " + std::to_string(n));
  if (n_ > 1) half_bits_ = (std::bit_width(n_ - 1) + 1) / 2;
  const auto bits = random_bits(seed, RandomUse::order, epoch);
  key_ = (static_cast<std::uint64_t>(bits[1]) << 32) | bits[0];
  if (half_bits_ > kMostTableBits) return;
  const std::uint64_t halves = std::uint64_t{1} << half_bits_;
  std::vector<std::uint32_t> table;
  table.reserve(kRounds * halves);
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    for (std::uint64_t half = 0; half < halves; ++half)
      table.push_back(static_cast<std::uint32_t>(drawn(half, round)));
  }
  table_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(table));
}

/// Bits of a half's width.
std::uint64_t Permutation::drawn(std::uint64_t half, std::uint32_t round) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  return random_bits(key_, RandomUse::order, half, round)[0] & mask;
}

std::int64_t Permutation::operator[](std::int64_t i) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  const std::uint32_t* table = table_ ? table_->data() : nullptr;
  auto value = static_cast<std::uint64_t>(i);
  do {
    std::uint64_t left = value >> half_bits_;
    std::uint64_t right = value & mask;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const std::uint64_t at = std::uint64_t{round} << half_bits_ | right;
      const std::uint64_t mixed = left ^ (table ? table[at] : drawn(right, round));
      left = right;
      right = mixed;
    }
    value = (left << half_bits_) | right;
  } while (value >= n_);
  return static_cast<std::int64_t>(value);
}

}  // namespace weft::corpora
