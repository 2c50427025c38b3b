#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <utility>

#include "kernels/cpu/vector.h"
#include "kernels/random.h"

namespace weft::WEFT_ISA::philox {

/// Words of many counters, one in the low half of each lane; what the high halves hold doesn't matter.
using Lanes = Vector<std::uint64_t>;

/// The products of the low halves, whole. Written with the processor's own instruction, which no compiler so
/// far finds in a multiplication of lanes.
inline Lanes multiply_low(Lanes a, Lanes b) {
#if defined(__AVX512F__)
  return reinterpret_cast<Lanes>(
      _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Lanes>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__SSE2__)
  return reinterpret_cast<Lanes>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
  return (a & 0xffffffffu) * (b & 0xffffffffu);
#endif
}

/// How many counters `blocks` takes at once: some registers of each word, so that the rounds of one hide the
/// latency of another's.
inline constexpr int kGroups = kVectorBytes == 64 ? 4 : 2, kCounters = kGroups * kLanes<std::uint64_t>;

/// The words of counters {low + l, high, iteration, stream}, l < kCounters, one counter's after another's.
/// The low words must not overflow.
inline void blocks(std::uint32_t low, std::uint32_t high, std::uint32_t iteration, std::uint32_t stream,
                   Key key, std::uint32_t* to) {
  constexpr int kWide = kLanes<std::uint64_t>;
  const Lanes first = splat(std::uint64_t{0xD2511F53u}), second = splat(std::uint64_t{0xCD9E8D57u});
  alignas(kVectorBytes) std::uint64_t counters[kGroups * kWide];
  for (int l = 0; l < kGroups * kWide; ++l) counters[l] = low + static_cast<std::uint32_t>(l);
  Lanes c0[kGroups], c1[kGroups], c2[kGroups], c3[kGroups];
  WEFT_UNROLL
  for (int g = 0; g < kGroups; ++g) {
    c0[g] = load(counters + g * kWide);
    c1[g] = splat(std::uint64_t{high});
    c2[g] = splat(std::uint64_t{iteration});
    c3[g] = splat(std::uint64_t{stream});
  }
  Lanes k0 = splat(std::uint64_t{key.word[0]}), k1 = splat(std::uint64_t{key.word[1]});
  for (int r = 0; r < 10; ++r) {
    WEFT_UNROLL
    for (int g = 0; g < kGroups; ++g) {
      const Lanes a = multiply_low(c0[g], first), b = multiply_low(c2[g], second);
      c0[g] = (b >> 32) ^ c1[g] ^ k0;
      c2[g] = (a >> 32) ^ c3[g] ^ k1;
      c1[g] = b;
      c3[g] = a;
    }
    k0 += splat(std::uint64_t{0x9E3779B9u});
    k1 += splat(std::uint64_t{0xBB67AE85u});
  }
  constexpr auto kAll = std::make_index_sequence<kWide>();
  WEFT_UNROLL
  for (int g = 0; g < kGroups; ++g) {
    const Lanes front = (c0[g] & 0xffffffffu) | (c1[g] << 32), back = (c2[g] & 0xffffffffu) | (c3[g] << 32);
    auto* at = reinterpret_cast<std::uint64_t*>(to + 4 * g * kWide);
    store<std::uint64_t>(at, interleave<std::uint64_t, false>(front, back, kAll));
    store<std::uint64_t>(at + kWide, interleave<std::uint64_t, true>(front, back, kAll));
  }
}

}  // namespace weft::WEFT_ISA::philox
