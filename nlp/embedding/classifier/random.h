#pragma once

#include <cstdint>

namespace weft::nlp {

/// What random numbers are for; each use has a sequence of its own.
enum class RandomUse : std::uint64_t { start = 1, order, label, negative, split, search, centroids };

/// The mixing function of SplitMix64 (Steele, Lea and Flood 2014): a bijection whose output bits all depend
/// on all bits of the input.
inline std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

/// 64 random bits that depend on the seed, the use and the numbers, and on nothing else: no thread shows.
inline std::uint64_t random_bits(std::uint64_t seed, RandomUse use, std::uint64_t i, std::uint64_t j = 0) {
  return mix(mix(mix(seed ^ static_cast<std::uint64_t>(use) * 0xD1342543DE82EF95U) + i) + j);
}

/// In [0, 1).
inline double random_unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

/// 0 .. n - 1; n > 0. Source: Lemire 2019, "Fast random integer generation in an interval"; its bias is below
/// n / 2^64.
inline std::uint64_t random_below(std::uint64_t bits, std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(bits) * n) >> 64);
}

}  // namespace weft::nlp
