#pragma once

#include <cstdint>

namespace weft {

/// A range of bytes in one source text: [begin, end). Nodes carry theirs so that any message can point at it.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

}  // namespace weft
