#pragma once

#include <cstdint>
#include <span>

namespace weft::nlp {

/// One index drawn from softmax(logits / temperature), by a uniform number u in [0, 1); temperature 0 takes
/// the largest. Entries of -inf are never drawn. Cost: O(n), in float64. Throws invalid_argument where no
/// entry is finite or one is NaN.
std::int64_t sample(std::span<const float> logits, double temperature, double u);

}  // namespace weft::nlp
