#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nlp/embedding/train/random_stream.h"

namespace weft::nlp {

/// Draws words with probability count^power / sum of count^power: the noise that negative sampling predicts
/// against (Mikolov et al. 2013, section 2.2). By the alias method: a draw is one random number and one
/// look-up, exact to 2^-32, in 8 bytes a word. Source: Walker 1977; Vose 1991, "A linear algorithm for
/// generating random numbers with a given distribution".
class Noise {
 public:
  Noise() = default;
  /// A count below 1 is never drawn. Nothing can be drawn where there is no other.
  Noise(std::span<const std::int64_t> counts, double power);

  bool empty() const { return cells_.empty(); }
  std::int32_t size() const { return static_cast<std::int32_t>(cells_.size()); }
  std::int32_t draw(RandomStream& random) const { return draw(random.next()); }
  /// By 64 random bits.
  std::int32_t draw(std::uint64_t r) const {
    const auto i = static_cast<std::size_t>(((r >> 32) * static_cast<std::uint64_t>(cells_.size())) >> 32);
    const Cell& cell = cells_[i];
    return static_cast<std::uint32_t>(r) < cell.below ? static_cast<std::int32_t>(i) : cell.other;
  }

 private:
  struct Cell {
    std::uint32_t below;  // of 2^32: the cell's own word
    std::int32_t other;   // else this one
  };
  std::vector<Cell> cells_;
};

}  // namespace weft::nlp
