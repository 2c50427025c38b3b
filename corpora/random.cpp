#include "corpora/random.h"

#include <Random123/philox.h>

namespace weft::corpora {

std::array<std::uint32_t, 4> random_bits(std::uint64_t seed, RandomUse use, std::uint64_t index,
                                         std::uint32_t sequence) {
  const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(index),
                                            static_cast<std::uint32_t>(index >> 32), sequence,
                                            static_cast<std::uint32_t>(use)}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto bits = r123::Philox4x32()(counter, key);
  return {bits[0], bits[1], bits[2], bits[3]};
}

bool in_validation(std::uint64_t seed, std::int64_t record, double holdout) {
  const auto bits = random_bits(seed, RandomUse::split, static_cast<std::uint64_t>(record));
  const std::uint64_t word = (static_cast<std::uint64_t>(bits[1]) << 32) | bits[0];
  return static_cast<double>(word >> 11) * 0x1p-53 < holdout;
}

}  // namespace weft::corpora
