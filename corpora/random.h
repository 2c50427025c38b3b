#pragma once

#include <array>
#include <cstdint>

namespace weft::corpora {

/// What the random numbers of a corpus are for; each use has a sequence of its own.
enum class RandomUse : std::uint32_t { split = 1, order = 2 };

/// 128 random bits for a use, an index and a sub-sequence: Philox 4x32-10 with the seed as key. The same
/// arguments give the same bits, in whatever order they are asked for. Source: Salmon et al. 2011, "Parallel
/// random numbers: as easy as 1, 2, 3".
std::array<std::uint32_t, 4> random_bits(std::uint64_t seed, RandomUse use, std::uint64_t index,
                                         std::uint32_t sequence = 0);

/// Whether a record is kept for validation: with probability `holdout`, by (seed, record) alone.
bool in_validation(std::uint64_t seed, std::int64_t record, double holdout);

}  // namespace weft::corpora
