#pragma once

#include <bit>
#include <cstdint>

#include "nlp/embedding/classifier/random.h"

namespace weft::nlp {

/// A permutation of 0 .. n - 1 by a seed in no memory: a Feistel network over the next power of four, walked
/// along until it is below n. Source: Black and Rogaway 2002, "Ciphers with arbitrary finite domains".
class Order {
 public:
  Order(std::int64_t n, std::uint64_t seed, std::uint64_t epoch)
      : n_(static_cast<std::uint64_t>(n)), key_(random_bits(seed, RandomUse::order, epoch)) {
    if (n_ > 1) half_ = (std::bit_width(n_ - 1) + 1) / 2;
  }

  std::int64_t operator[](std::int64_t i) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    auto x = static_cast<std::uint64_t>(i);
    do {
      std::uint64_t left = x >> half_, right = x & mask;
      for (std::uint64_t round = 0; round < 4; ++round) {
        const std::uint64_t next = left ^ (mix(key_ + (round << 56) + right) & mask);
        left = right;
        right = next;
      }
      x = (left << half_) | right;
    } while (x >= n_);
    return static_cast<std::int64_t>(x);
  }

 private:
  std::uint64_t n_, key_;
  int half_ = 1;
};

}  // namespace weft::nlp
