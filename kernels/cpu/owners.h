#pragma once

#include <cstdint>

#include "kernels/isa.h"

namespace weft::WEFT_ISA {

/// Rows that go to places given by data, shared out so that two threads never touch one place and each place
/// takes its rows in their order: every place belongs to one of a fixed number of owners.
inline constexpr int kOwners = 16;

class Owners {
 public:
  static std::int64_t workspace_bytes(std::int64_t rows) { return rows * 8; }

  /// place(row) -> where it goes (-1: nowhere). Linear in rows. Keeps the rows by owner in `workspace`.
  template <class Place>
  Owners(std::int64_t rows, std::byte* workspace, Place&& place)
      : rows_(reinterpret_cast<std::int64_t*>(workspace)) {
    std::int64_t counts[kOwners + 1] = {};
    for (std::int64_t r = 0; r < rows; ++r)
      if (const std::int64_t p = place(r); p >= 0) ++counts[owner_of(p) + 1];
    for (int o = 0; o < kOwners; ++o) counts[o + 1] += counts[o];
    for (int o = 0; o <= kOwners; ++o) starts_[o] = counts[o];
    for (std::int64_t r = 0; r < rows; ++r)
      if (const std::int64_t p = place(r); p >= 0) rows_[counts[owner_of(p)]++] = r;
  }

  const std::int64_t* begin(std::int64_t owner) const { return rows_ + starts_[owner]; }
  const std::int64_t* end(std::int64_t owner) const { return rows_ + starts_[owner + 1]; }

 private:
  // frequent words have small indices, so neighbours must not have the same owner
  static int owner_of(std::int64_t place) {
    return static_cast<int>((static_cast<std::uint64_t>(place) * 0x9E3779B97F4A7C15u) >> 60);
  }

  std::int64_t* rows_;
  std::int64_t starts_[kOwners + 1];
};

}  // namespace weft::WEFT_ISA
