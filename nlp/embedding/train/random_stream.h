#pragma once

#include <cstdint>

namespace weft::nlp {

/// A stream of random words that is cheap enough to be drawn for each pair that is trained. Streams of
/// different (seed, what, which) are independent, so that what is drawn for a piece of a corpus depends on
/// the piece and not on the thread that has it. Source: Steele, Lea and Flood 2014, "Fast splittable
/// pseudorandom number generators" (SplitMix64).
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t what, std::uint64_t which)
      : state_(mix(mix(mix(seed + kStep) ^ (what * kStep)) + which)) {}

  std::uint64_t next() { return mix(state_ += kStep); }
  /// 0 .. n - 1
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32) * std::uint64_t{n}) >> 32);
  }
  /// In [-1, 1).
  float symmetric() { return static_cast<float>(static_cast<std::int32_t>(next() >> 32)) * 0x1p-31F; }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace weft::nlp
