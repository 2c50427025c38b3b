#include "nlp/embedding/train/rows.h"

#include <algorithm>

namespace weft::nlp {

float* CopiedRows::Part::row(std::int64_t i) {
  if ((rows.size() + 1) * 2 > slots.size()) {
    slots.assign(std::max<std::size_t>(1024, slots.size() * 2), 0);
    for (std::size_t c = 0; c < rows.size(); ++c) {
      std::size_t s = static_cast<std::size_t>(rows[c]) * 0x9E3779B97F4A7C15U >> 32 & (slots.size() - 1);
      while (slots[s] != 0) s = (s + 1) & (slots.size() - 1);
      slots[s] = static_cast<std::uint32_t>(c) + 1;
    }
  }
  std::size_t s = static_cast<std::size_t>(i) * 0x9E3779B97F4A7C15U >> 32 & (slots.size() - 1);
  for (; slots[s] != 0; s = (s + 1) & (slots.size() - 1))
    if (rows[slots[s] - 1] == i) {
      ++uses[slots[s] - 1];
      return copy_at(slots[s] - 1);
    }
  const auto c = static_cast<std::int64_t>(rows.size());
  rows.push_back(i);
  uses.push_back(1);
  slots[s] = static_cast<std::uint32_t>(c) + 1;
  if (static_cast<std::size_t>(c / kBlock) == blocks.size())
    blocks.emplace_back(2 * kBlock, matrix->columns());
  float* const copy = copy_at(c);
  const auto bytes = static_cast<std::size_t>(matrix->stride()) * sizeof(float);
  std::memcpy(copy, matrix->row(i), bytes);
  std::memcpy(copy + matrix->stride(), matrix->row(i), bytes);
  return copy;
}

void CopiedRows::Part::apply(std::int64_t c, float share) {
  float* const to = matrix->row(rows[static_cast<std::size_t>(c)]);
  const float* const now = copy_at(c);
  const float* const before = now + matrix->stride();
  for (std::int64_t d = 0; d < matrix->stride(); ++d) to[d] += share * (now[d] - before[d]);
}

void CopiedRows::Part::clear() {
  rows.clear();
  uses.clear();
  std::fill(slots.begin(), slots.end(), 0U);
}

}  // namespace weft::nlp
