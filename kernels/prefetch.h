#pragma once

#include <algorithm>
#include <cstdint>

namespace weft {

/// Asks for the lines of the cache that `bytes` bytes from an address on are in; nothing waits for them.
[[gnu::always_inline]] inline void prefetch(const void* from, std::int64_t bytes) {
  const char* const at = static_cast<const char*>(from);
  for (std::int64_t i = 0; i < bytes; i += 64) __builtin_prefetch(at + i);
  // GCC takes a function that does nothing but this for one without effect, and drops its calls.
  asm volatile("" : : "r"(at));
}

inline constexpr std::int64_t kMostAhead = 32;

/// How long before its turn to ask for a row of a table, in rows of so many bytes: those that are on their
/// way or waiting take a part of the first-level cache.
constexpr std::int64_t rows_ahead(std::int64_t bytes) {
  return std::clamp<std::int64_t>(10240 / std::max<std::int64_t>(bytes, 1), 2, kMostAhead);
}

}  // namespace weft
