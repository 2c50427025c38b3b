#pragma once

#include <algorithm>
#include <bit>

#include "kernels/cpu/random_words.h"

namespace weft::WEFT_ISA {

/// What dropout multiplies consecutive elements by: 0 for a share p of them, 1 / (1 - p) for the others; p in
/// steps of 2^-16. See kernels/random.h for the draws.
template <class T>
class DropoutFactors {
 public:
  /// Elements in one filling, at most.
  static constexpr std::int64_t kMost = 2 * RandomWords::kWords - 8;

  DropoutFactors(const KernelCall& call, std::uint32_t stream, double p)
      : words_(call, stream),
        least_(static_cast<std::uint32_t>(std::clamp(p, 0.0, 1.0) * 65536 + 0.5)),
        kept_(least_ < 65536 ? static_cast<T>(65536.0 / (65536 - least_)) : T(0)) {}

  /// to[i] for element first + i, i < n <= kMost.
  void fill(std::int64_t first, std::int64_t n, T* to) const {
    static_assert(std::endian::native == std::endian::little, "the halves of words are read as they lie");
    using Half [[gnu::may_alias]] = std::uint16_t;
    alignas(64) std::uint32_t words[RandomWords::kWords];
    const std::int64_t before = first % 8;
    words_.fill((first - before) / 2, (before + n + 1) / 2, words);
    const auto* half = reinterpret_cast<const Half*>(words) + before;
    const std::uint32_t least = least_;
    const T kept = kept_;
    WEFT_INDEPENDENT
    for (std::int64_t i = 0; i < n; ++i) to[i] = half[i] >= least ? kept : T(0);
  }

 private:
  RandomWords words_;
  std::uint32_t least_;
  T kept_;
};

}  // namespace weft::WEFT_ISA
