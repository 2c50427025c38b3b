#pragma once

#include <cstdint>

#include "kernels/isa.h"
#include "kernels/kernel.h"
#include "kernels/math.h"

/// Random numbers that depend on what they are for, and on nothing else.
///
/// Element e (its flat position in the call's iteration space, last dim fastest) of a call with key (seed,
/// step), stream s and iteration i gets the 32-bit word w(e) = word e mod 4 of
///
///     philox4x32-10(counter = {low 32 bits of e / 4, high 32 bits of e / 4, i, s}, key = K)
///
/// where K = {word 0, word 1} of philox4x32-10(counter = {seed low, seed high, step low, step high}, key =
/// {0, 0}). From words to numbers, the same for float and double up to their precision:
///     uniform in [0, 1)   float: (w >> 8) / 2^24, double: w / 2^32
///     keep with 1 - p     h >= p 2^16, with p rounded to a multiple of 2^-16 and h a half of word e / 2:
///                         bits 0 to 15 where e is even, bits 16 to 31 where it is odd
///     normal              elements 2j and 2j + 1 are r cos t and r sin t (Box and Muller 1958) with
///                         r = sqrt(-2 ln((floor(w(2j) / 2) + 0.5) / 2^31)), t = 2 pi w(2j + 1) / 2^32
/// Source: Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
namespace weft::WEFT_ISA::philox {

struct Key {
  std::uint32_t word[2];
};

struct Block {
  std::uint32_t word[4];
};

/// One round on a counter, all of whose words stay in registers.
WEFT_HD inline void round(std::uint32_t& c0, std::uint32_t& c1, std::uint32_t& c2, std::uint32_t& c3,
                          std::uint32_t k0, std::uint32_t k1) {
  const std::uint64_t a = static_cast<std::uint64_t>(c0) * 0xD2511F53u;
  const std::uint64_t b = static_cast<std::uint64_t>(c2) * 0xCD9E8D57u;
  c0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
  c2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
  c1 = static_cast<std::uint32_t>(b);
  c3 = static_cast<std::uint32_t>(a);
}

WEFT_HD inline Block block(Block counter, Key key) {
  auto& c = counter.word;
  for (int r = 0; r < 10; ++r) {
    round(c[0], c[1], c[2], c[3], key.word[0], key.word[1]);
    key.word[0] += 0x9E3779B9u;
    key.word[1] += 0xBB67AE85u;
  }
  return counter;
}

WEFT_HD inline Key key_of(const RandomKey& random) {
  const Block mixed =
      block({{static_cast<std::uint32_t>(random.seed), static_cast<std::uint32_t>(random.seed >> 32),
              static_cast<std::uint32_t>(random.step), static_cast<std::uint32_t>(random.step >> 32)}},
            {{0, 0}});
  return {{mixed.word[0], mixed.word[1]}};
}

WEFT_HD inline float uniform(std::uint32_t w, float) {
  return static_cast<float>(static_cast<std::int32_t>(w >> 8)) * 5.9604644775390625e-8f;
}
WEFT_HD inline double uniform(std::uint32_t w, double) {
  return w * 2.3283064365386962890625e-10;
}

/// Two normal numbers from two words.
template <class T>
WEFT_HD inline void normal(std::uint32_t w0, std::uint32_t w1, T& first, T& second) {
  const T u = (static_cast<T>(static_cast<std::int32_t>(w0 >> 1)) + T(0.5)) * T(4.656612873077392578125e-10);
  const T r = std::sqrt(T(-2) * math::log(u));
  T sine, cosine;
  math::turn(w1, sine, cosine);
  first = r * cosine;
  second = r * sine;
}

}  // namespace weft::WEFT_ISA::philox
