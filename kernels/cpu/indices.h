#pragma once

#include <stdexcept>

#include "kernels/cpu/space.h"
#include "kernels/kernel.h"

namespace weft::WEFT_ISA {

/// How many index operands a call may have.
inline constexpr std::size_t kMaxIndices = 6;

/// The dims of a table that index operands choose positions on, and what the choice means for the table's
/// address.
class Indices {
 public:
  /// table: the view whose strides on dims [first, rank) are those of the chosen dims; one operand for each.
  Indices(const View& table, int first, std::span<const View> operands) : count_(operands.size()) {
    if (count_ > kMaxIndices || static_cast<int>(count_) != table.rank - first)
      throw std::invalid_argument("[gather] expected an index operand for each of 1 to 6 gathered axes");
    for (std::size_t j = 0; j < count_; ++j) {
      extents_[j] = table.extents[first + static_cast<int>(j)];
      strides_[j] = table.strides[first + static_cast<int>(j)] * size_of(table.dtype);
    }
  }

  std::size_t count() const { return count_; }

  /// Bytes from the table's start to what the indices at `at` choose; -1 where one lies outside its axis.
  std::int64_t offset(std::byte* const* at) const { return offset(at, count_); }
  /// The same where the compiler may know how many there are: an integral_constant.
  template <class Count>
  std::int64_t offset(std::byte* const* at, Count count) const {
    std::int64_t sum = 0;
    bool inside = true;
    for (std::size_t j = 0; j < count; ++j) {
      const std::int64_t index = *reinterpret_cast<const std::int32_t*>(at[j]);
      inside &= index >= 0 && index < extents_[j];
      sum += index * strides_[j];
    }
    return inside ? sum : -1;
  }

 private:
  std::size_t count_;
  std::array<std::int64_t, kMaxIndices> extents_, strides_;
};

/// Two operands and the indices, as one space: operands 0 and 1, then the indices; those there aren't have
/// stride 0.
inline constexpr std::size_t kIndexed = 2 + kMaxIndices;

struct Indexed {
  Space<kIndexed> space;
  Pointers<kIndexed> data;

  /// Dims [0, last) of the views.
  Indexed(const View& a, const View& b, std::span<const View> indices, int last)
      : Indexed(a, b, indices, 0, last) {}

  /// Dims [first, last) of the views.
  Indexed(const View& a, const View& b, std::span<const View> indices, int first, int last) {
    std::array<const View*, kIndexed> views;
    views.fill(&b);
    views[0] = &a;
    for (std::size_t j = 0; j < indices.size() && j < kMaxIndices; ++j) views[2 + j] = &indices[j];
    space = space_of<kIndexed>(views, first, last);
    data = pointers_of<kIndexed>(views);
  }

  /// Whether the indices stay the same along the last dim, so that it is a row.
  bool has_rows(std::size_t count) const {
    for (std::size_t j = 0; j < count; ++j)
      if (space.inner_strides()[2 + j] != 0) return false;
    return true;
  }
};

}  // namespace weft::WEFT_ISA
