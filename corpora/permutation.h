#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace weft::corpora {

/// A pseudo-random order of 0 .. n-1, one for each (seed, epoch), in O(sqrt n) memory at most: a Feistel
/// network on the least even number of bits that holds n, walked along its cycle until the result is below n.
/// Cost: under four walks of kRounds steps each on average; a step is a look-up in a table made beforehand
/// or, where n is so large that the table wouldn't stay in the caches, a Philox call. Source: Black and
/// Rogaway 2002, "Ciphers with arbitrary finite domains", methods 2 and 3.
class Permutation {
 public:
  /// n >= 0. Throws invalid_argument for a negative n.
  Permutation(std::int64_t n, std::uint64_t seed, std::uint64_t epoch);

  std::int64_t size() const { return static_cast<std::int64_t>(n_); }
  /// Where position i goes, 0 <= i < n.
  std::int64_t operator[](std::int64_t i) const;

 private:
  static constexpr std::uint32_t kRounds = 6;
  static constexpr int kMostTableBits = 14;

  std::uint64_t drawn(std::uint64_t half, std::uint32_t round) const;

  std::uint64_t n_;
  std::uint64_t key_;
  int half_bits_ = 1;
  /// What a round draws for a half, at round << half_bits_ | half; null: drawn each time.
  std::shared_ptr<const std::vector<std::uint32_t>> table_;
};

}  // namespace weft::corpora
